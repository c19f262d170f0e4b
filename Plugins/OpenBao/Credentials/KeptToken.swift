import KeyHooks
import Synchronization

/// A token from a variable or a file, which nobody logs in for.
///
/// A file is read again when it was changed, at once when the server refuses the token, and once an hour. While one
/// cannot be read, or holds no token, the token that was read before is used: agents do not all write a file in one
/// step.
final class KeptToken: Sendable {
    private static let longest = Duration.seconds(3600)

    private let read: @Sendable () throws -> APIKey
    private let files: CredentialFiles
    private let clock: SourceClock
    private let state = Mutex<(token: APIKey, since: Duration)?>(nil)

    init(_ files: CredentialFiles, _ clock: SourceClock, _ read: @escaping @Sendable () throws -> APIKey) {
        self.read = read
        self.files = files
        self.clock = clock
    }

    func token() throws -> APIKey {
        let now = clock.now()
        guard let kept = state.withLock(\.self) else { return try again() }
        guard now - kept.since >= Self.longest || files.haveChanged() else { return kept.token }
        return (try? again()) ?? kept.token
    }

    /// The token of the source as it is now, in place of one that the server refused; nil if it is still that.
    func token(insteadOf dead: APIKey) throws -> APIKey? {
        let token = try again()
        return token == dead ? nil : token
    }

    private func again() throws -> APIKey {
        files.note()
        let token = try read()
        let now = clock.now()
        state.withLock { $0 = (token, now) }
        return token
    }
}
