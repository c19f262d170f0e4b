import JSON5Syntax
import KeyHooks
import Synchronization

/// Opens the wrapping token of a secret id, once, and keeps what was in it for later logins.
///
/// A wrapping token can be opened once. One that was opened by somebody else, or made by somebody else than who makes
/// secret ids, is an alarm. It lasts until there is another wrapping token, and asks the server nothing meanwhile.
final class WrappedSecretID: Sendable {
    struct State {
        /// A hash of the wrapping token.
        var wrapping: Int?
        var secretID: APIKey?
        var alarm: BaoFailure?

        /// Whether it was asked to be opened and there was no answer, so that it may have been opened for us.
        var isInDoubt = false

        /// What opens it now, for all who want it.
        var work: Task<APIKey, any Error>?
    }

    private let client: BaoClient
    private let namespace: String?
    private let creationPath: [String]
    private let memory: Memory

    /// What was opened, for all in this process that have the same login: after a change of the configuration a token
    /// that was opened here isn't an alarm.
    final class Memory: Sendable {
        let state = Mutex(State())

        private struct Key: Hashable {
            let place: LoginRefusals.Place
            let creationPath: [String]
            let reference: SecretReference?
        }

        private static let all = Mutex<[Key: Memory]>([:])

        /// The memory of a login, by where one logs in, where the wrapping token is made, and where it is read.
        static func shared(
            _ place: LoginRefusals.Place,
            _ creationPath: [String],
            _ reference: SecretReference?
        ) -> Memory {
            let key = Key(place: place, creationPath: creationPath, reference: reference)
            return all.withLock { all in
                if let known = all[key] { return known }
                if all.count >= 1_000 { all = [:] }
                let new = Memory()
                all[key] = new
                return new
            }
        }
    }

    init(_ client: BaoClient, namespace: String?, creationPath: [String], _ memory: Memory = Memory()) {
        self.memory = memory
        self.client = client
        self.namespace = namespace
        self.creationPath = creationPath
    }

    /// The secret id in a wrapping token.
    ///
    /// - Parameters:
    ///   - wrapping: The wrapping token.
    ///   - place: Where it was read, in words.
    ///   - deadline: The moment on the clock at which it must be there.
    /// - Returns: The secret id.
    /// - Throws: A ``BaoFailure``; one with the code `intercepted` is an alarm.
    func secretID(in wrapping: APIKey, from place: String, by deadline: Duration) async throws -> APIKey {
        let hash = wrapping.value.hashValue
        // One at a time: a second look would find it opened, and take ourselves for a thief.
        let work = memory.state.withLock { state in
            if state.wrapping != hash { state = State(wrapping: hash) }
            if let work = state.work { return work }
            let known = state
            let work = Task.detached { [self] in
                defer { memory.state.withLock { if $0.wrapping == hash { $0.work = nil } } }
                if let alarm = known.alarm { throw alarm }
                if let secretID = known.secretID { return secretID }
                return try await open(wrapping, from: place, isInDoubt: known.isInDoubt, by: deadline)
            }
            state.work = work
            return work
        }
        return try await work.value
    }

    /// The alarm that stands, whatever became of the token since.
    var alarm: BaoFailure? { memory.state.withLock(\.alarm) }

    private func open(
        _ wrapping: APIKey,
        from place: String,
        isInDoubt: Bool,
        by deadline: Duration
    ) async throws -> APIKey {
        let hash = wrapping.value.hashValue
        func raise(_ what: String) -> BaoFailure {
            let doubt =
                isInDoubt
                ? " (or the answer to this program's own attempt to open it was lost)" : ""
            let alarm = BaoFailure(
                .intercepted,
                "ALARM: the wrapping token in \(place) \(what), so somebody else may have read the secret id\(doubt)",
                remedy: "revoke the role's secret ids, find out who had the token, and put a new wrapping token there; "
                    + "each start of a program needs one of its own"
            )
            memory.state.withLock { if $0.wrapping == hash { $0.alarm = alarm } }
            return alarm
        }
        let body = try JSONNode.object(["token": .string(wrapping.value)]).jsonBytes()
        let path = "/v1/sys/wrapping/"
        let look = BaoRequest(method: "POST", path: path + "lookup", namespace: namespace, body: body)
        let made = try await client.send(look, by: deadline)
        guard made.isOwn, made.status == 200, let text = made.json?["data"]?["creation_path"]?.string else {
            if made.isOwn, made.status == 404, made.says("namespace not found") {
                throw BaoFailure.invalidConfiguration(
                    "there is no namespace for the wrapping token in \(place)",
                    remedy: "check 'namespace', 'loginNamespace' and the namespace of the login"
                )
            }
            if made.isOwn, [400, 403, 404].contains(made.status) { throw raise("was opened before, or has ended") }
            throw BaoFailure(made, reading: "a wrapping token", now: client.clock.date())
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.elementsEqual(creationPath, by: { $0 == $1 }) else {
            throw raise("was not made at \(displayText(creationPath.joined(separator: "/"), limit: 200))")
        }
        // The token is the one that asks, and is asked once: if the answer is lost, so is the secret id.
        var open = BaoRequest(method: "POST", path: path + "unwrap", namespace: namespace)
        open.identity = BaoIdentity(wrapping)
        open.isWrite = true
        memory.state.withLock { if $0.wrapping == hash { $0.isInDoubt = true } }
        let opened = try await client.send(open, by: deadline)
        guard opened.isOwn, opened.status == 200 else {
            if opened.isOwn, [400, 403, 404].contains(opened.status) { throw raise("was opened before, or has ended") }
            throw BaoFailure(opened, reading: "a wrapping token", now: client.clock.date())
        }
        guard let secretID = opened.json?["data"]?["secret_id"]?.string, PluginContext.isCredential(secretID) else {
            throw raise("holds no secret id")
        }
        let key = APIKey(secretID)
        memory.state.withLock { if $0.wrapping == hash { $0.secretID = key } }
        return key
    }
}
