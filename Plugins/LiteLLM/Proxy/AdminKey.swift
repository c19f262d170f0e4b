import KeyHooks
import Synchronization

/// The key that may make others, read when it is first needed, and again after the proxy refused it: its file may have a
/// newer one by then.
final class AdminKey: Sendable {
    let reference: SecretReference
    private let context: PluginContext
    private let read = Mutex<APIKey?>(nil)

    init(_ reference: SecretReference, _ context: PluginContext) {
        self.reference = reference
        self.context = context
    }

    func current() throws(KeyResolutionError) -> APIKey {
        if let key = read.withLock(\.self) { return key }
        return try reread()
    }

    /// What is there now, if that is another one than was refused.
    func newer(than refused: APIKey) -> APIKey? {
        if let key = read.withLock(\.self), key != refused { return key }
        guard let key = try? reread(), key != refused else { return nil }
        return key
    }

    private func reread() throws(KeyResolutionError) -> APIKey {
        let key = try context.credential(at: reference, for: "LiteLLM")
        read.withLock { $0 = key }
        return key
    }
}
