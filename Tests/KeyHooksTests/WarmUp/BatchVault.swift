import ExtensionHooks
import KeyHooks
import Synchronization

/// A store that gives twenty secrets a request, counts its requests, and fails as it is asked.
final class BatchVault: BatchReadableSecretManager {
    /// A request: the names that it asked for, or the tag and the page.
    enum Request: Hashable {
        case one(String)
        case many([String])
        case tagged(String, page: String?)
    }

    private struct State {
        var secrets: [SecretName: StoredSecret] = [:]
        var tags: [SecretName: Set<String>] = [:]
        var requests: [Request] = []
        var failures: [String: any Error] = [:]
        var failure: (any Error)?
        var isHolding = false
    }

    static let pageSize = 20
    private let state = Mutex(State())
    private let whileReading: @Sendable () async throws -> Void

    /// Makes a store that has a key for each of some services, under `own/` and its name.
    init(_ services: [Service] = [], whileReading: @escaping @Sendable () async throws -> Void = {}) {
        self.whileReading = whileReading
        for service in services { write("sk-\(service)", to: "own/\(service)") }
    }

    var requests: [Request] { state.withLock { $0.requests } }

    /// How many names each request for many asked for.
    var sizes: [Int] {
        requests.compactMap { request -> Int? in if case .many(let names) = request { names.count } else { nil } }
    }

    /// The names that were asked for one by one.
    var singles: [String] {
        requests.compactMap { request -> String? in if case .one(let name) = request { name } else { nil } }
    }

    /// All names that were asked for.
    var asked: [String] {
        requests.flatMap { request -> [String] in
            switch request {
            case .one(let name): [name]
            case .many(let names): names
            case .tagged: []
            }
        }
    }

    func write(_ text: String, to name: String, tags: Set<String> = []) {
        write(.text(text), to: name, tags: tags)
    }

    func write(_ content: SecretContent, to name: String, tags: Set<String> = []) {
        state.withLock { state in
            guard let name = try? SecretName(name) else { return }
            state.secrets[name] = StoredSecret(content)
            state.tags[name] = tags
        }
    }

    /// Fails for one name, whoever asks.
    func fail(_ name: String, _ error: any Error) { state.withLock { $0.failures[name] = error } }

    /// Fails every request for many; nil for none.
    func failMany(_ error: (any Error)?) { state.withLock { $0.failure = error } }

    /// Holds requests from now on, or lets them go.
    func hold(_ isHolding: Bool = true) { state.withLock { $0.isHolding = isHolding } }

    private func note(_ request: Request) async throws {
        state.withLock { $0.requests.append(request) }
        try await until { !state.withLock(\.isHolding) }
    }

    private func stored(_ name: SecretName) throws -> StoredSecret? {
        try state.withLock { state in
            if let error = state.failures[name.rawValue] { throw error }
            return state.secrets[name]
        }
    }

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try await note(.one(name.rawValue))
        return try stored(name)
    }

    func secrets(
        _ names: [SecretName],
        _ options: SecretOptions
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>] {
        var results: [SecretName: Result<StoredSecret?, any Error>] = [:]
        for start in stride(from: 0, to: names.count, by: Self.pageSize) {
            let page = names[start..<min(start + Self.pageSize, names.count)]
            try await note(.many(page.map(\.rawValue)))
            try await whileReading()
            if let failure = state.withLock(\.failure) { throw failure }
            for name in page { results[name] = Result { try stored(name) } }
        }
        return results
    }

    func secrets(
        tagged tags: [String: String],
        after page: String?,
        _ options: SecretOptions
    ) async throws -> TaggedSecrets {
        let wanted = tags.map { "\($0.key)=\($0.value)" }.sorted()
        try await note(.tagged(wanted.joined(separator: ","), page: page))
        try await whileReading()
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            let names = state.secrets.keys.filter { state.tags[$0]?.isSuperset(of: wanted) == true }.sorted()
            let start = page.flatMap { Int($0) } ?? 0
            let end = min(start + Self.pageSize, names.count)
            let secrets = names[start..<end].map { ($0, state.secrets[$0] ?? StoredSecret(.text(""))) }
            return TaggedSecrets(
                Dictionary(uniqueKeysWithValues: secrets),
                next: end < names.count ? String(end) : nil
            )
        }
    }
}

extension BatchVault {
    /// The keys of services, each in a secret of its own.
    func keys(prefix: String = "", hosted: ServiceFilter? = nil) throws -> ManagedKeySource {
        try ManagedSecrets(in: self, named: "team-vault", prefix: prefix).keys(at: "own/{service}", hosted: hosted)
    }
}

/// Services that nobody else knows.
func services(_ count: Int) -> [Service] { (0..<count).map { Service("service\($0)") } }

extension KeyResolver {
    /// The services that a warm-up couldn't have the keys of, and the kinds of failure.
    func failures(warmingUp services: [Service], scope: KeyScope = KeyScope()) async -> [Service: String] {
        await warmUp(services, scope: scope)
            .mapValues { ($0 as? KeyResolutionError)?.code.description ?? "\(type(of: $0))" }
    }

    /// The keys that there are without asking anybody.
    func kept(_ services: [Service]) throws -> [String?] {
        try services.map { try cachedAPIKey(service: $0)?.value }
    }
}
