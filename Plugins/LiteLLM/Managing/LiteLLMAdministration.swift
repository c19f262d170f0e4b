package import HTTPTransport
package import KeyHooks
import LightFoundation
import ServerSettings

/// What an operator does with the virtual keys of a proxy, as a configuration describes it.
package struct LiteLLMAdministration: Sendable {
    package let configuration: LiteLLMConfiguration
    let context: PluginContext
    let transport: (any HTTPTransport)?
    let minter: VirtualKeyMinter

    /// The service that the keys of a role answer for where nothing is said.
    package let service: Service

    var keys: VirtualKeys { minter.keys }
    var client: LiteLLMClient { keys.client }

    /// The proxy as it is shown.
    package var server: String { client.address.shown }

    /// Reads the section; no server is asked.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - transport: What sends the requests; nil for one of its own.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package init(in context: PluginContext, transport: (any HTTPTransport)? = nil) throws(KeyResolutionError) {
        let section = context.configuration.plugins.first { $0.id == LiteLLMPlugin.id }
        guard let section else {
            throw .invalidConfiguration(
                "the configuration has nothing to do with LiteLLM",
                remedy: "write a section 'litellm' under 'plugins'"
            )
        }
        configuration = try LiteLLMConfiguration(section, in: context.configuration)
        let clock = SourceClock(ContinuousClock(), date: { Date() })
        let client = try LiteLLMClient(configuration, context, transport, clock)
        minter = try LiteLLMKeySource(configuration, client).minter
        service = try context.configuration.catalogue().canonical("litellm")
        self.context = context
        self.transport = transport
    }

    /// What a failure is for whoever typed a command.
    static func known(_ error: any Error) -> KeyResolutionError {
        (error as? LiteLLMFailure)?.error ?? (error as? KeyResolutionError)
            ?? KeyResolutionError(.unavailable, "the command was interrupted", remedy: "try again")
    }
}

extension LiteLLMAdministration {
    /// Takes keys away, and has the list of what was lent forget them.
    ///
    /// - Parameter listed: The keys.
    /// - Returns: How many were taken away, and why not all of them were.
    package func takeAway(_ listed: [ListedKey]) async -> (count: Int, failure: KeyResolutionError?) {
        var taken: [String] = []
        var failure: KeyResolutionError?
        for start in stride(from: 0, to: listed.count, by: Self.batch) {
            let hashes = listed[start..<min(start + Self.batch, listed.count)].map(\.hash)
            do {
                try await keys.delete(hashes, by: client.deadline)
                taken += hashes
            } catch {
                failure = Self.known(error)
                break
            }
        }
        forget(Set(taken))
        return (taken.count, failure)
    }

    /// Has the list of what was lent forget keys that are gone.
    func forget(_ gone: Set<String>) {
        guard let folder = LeaseSettings.journal(of: context.environment), !gone.isEmpty else { return }
        _ = LeaseJournal.inFolder(folder).forget { $0.id.map(gone.contains) ?? false }
    }

    /// How many keys are taken away by one request.
    private static let batch = 100

    /// The hash of the admin key, which isn't to be taken away by itself.
    package func adminKeyHash() throws(KeyResolutionError) -> String {
        VirtualKeys.hash(of: try client.adminKey.current().value)
    }
}
