import ExtensionHooks
import Foundation
package import KeyHooks
package import OpenBao

/// A fault of `Tests/Support/fault-server.py`, and what may come of it.
package struct WireFault: Sendable, CustomStringConvertible {
    package let group: String
    package let path: String
    /// `right`, `absent`, `passing`, `final` and `other`, as `fault_list.py` says.
    package let allowed: Set<Substring>

    /// What the plugin made of a fault.
    package struct Outcome: Sendable {
        /// `right`, `weak`, `other`, or the code of a failure.
        package let answer: String
        package let time: Duration

        /// In the words of ``WireFault/allowed``.
        package var kind: Substring {
            switch answer {
            case "right", "other": Substring(answer)
            case "weak": "absent"
            case "unavailable", "timedOut", "sealed": "passing"
            case "denied", "unauthenticated", "invalidConfiguration": "final"
            default: "unexpected"
            }
        }
    }

    /// How long a read may take, and how much longer it may take until a caller has its answer.
    package static let timeout = Duration.seconds(2)
    package static let grace = Duration.milliseconds(500)
    private static let right = "sk-right-9d1f2c7be04a4c6f"
    private static let weak = "sk-weak"

    /// Reads a line of `fault-server.py list`.
    package init?(_ line: some StringProtocol) {
        let parts = line.split(separator: "\t")
        guard parts.count == 3 else { return nil }
        group = String(parts[0])
        path = String(parts[1])
        allowed = Set(String(parts[2]).split(separator: " "))
    }

    package var description: String { path }

    /// Whether an old value may not bridge it.
    package var isBridged: Bool { allowed.isSubset(of: ["right", "passing"]) }

    /// Asks a resolver of its own for a key whose read has the fault; an environment has a weak one.
    ///
    /// - Parameters:
    ///   - address: Where the server is.
    ///   - warm: A name that no other call has: the first read is a good one, and its value's TTL is over when the
    ///     fault comes.
    /// - Returns: What came of it, and after what time.
    /// - Throws: A `KeyResolutionError` if the resolver cannot be made, or a good answer is not one.
    package func outcome(at address: String, warm: String? = nil) async throws -> Outcome {
        let resolver = try Self.resolver(at: address, path: warm.map { "warm/\($0)/\(path)" } ?? path) {
            guard warm != nil else { return }
            $0.settings.cache.timeToLive = .milliseconds(10)
            $0.settings.cache.staleIfError = .seconds(3600)
        }
        if warm != nil {
            guard try await resolver.getAPIKey(service: "openai")?.value == Self.right else {
                return Outcome(answer: "not warm", time: .zero)
            }
            try await Task.sleep(for: .milliseconds(15))
        }
        let start = ContinuousClock.now
        let answer: String
        do {
            switch try await resolver.getAPIKey(service: "openai")?.value {
            case Self.right: answer = "right"
            case Self.weak: answer = "weak"
            case nil: answer = "nothing"
            default: answer = "other"
            }
        } catch {
            answer = (error as? KeyResolutionError)?.code.description ?? "\(type(of: error))"
        }
        return Outcome(answer: answer, time: .now - start)
    }

    /// A resolver with the plugin, its default transport, and a weak key in the environment.
    package static func resolver(
        at address: String,
        path: String,
        _ change: (inout OpenBaoConfiguration) -> Void = { _ in }
    ) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: path)
        configuration.addresses = [address]
        configuration.mount = "kv"
        configuration.field = "api_key"
        configuration.token = .environment("TEST_TOKEN")
        configuration.settings.timeout = timeout
        configuration.settings.cache.jitter = 0
        configuration.settings.cache.refreshAhead = 0
        change(&configuration)
        let environment = ["HOME": "/nonexistent", "TEST_TOKEN": "s.test", "OPENAI_API_KEY": weak]
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: environment)
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: environment)
    }
}
