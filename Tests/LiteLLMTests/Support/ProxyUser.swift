import ExtensionHooks
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport

@testable import LiteLLM

/// Who borrows at the real proxy under a role of its own, by a clock that a test advances.
struct ProxyUser {
    let proxy: LiteLLMProxy
    let folder: TemporaryFolder
    let role = unique("role")
    let clock = ManualClock()
    var start = Date()

    /// What the names of the role's keys begin with.
    var stem: String { "keyhooks/\(role)" }

    var journal: String { "\(folder.path)/leases" }

    /// The date goes with the clock.
    var date: @Sendable () -> Date {
        { [clock, start] in start.addingTimeInterval(clock.now.offset / .seconds(1)) }
    }

    func plugin(
        _ definition: VirtualKeyRole = VirtualKeyRole(),
        admin: String? = nil,
        environment: [String: String] = [:],
        transport: (any HTTPTransport)? = nil,
        _ change: (inout LiteLLMConfiguration) throws -> Void = { _ in }
    ) throws -> LiteLLMPlugin {
        var configuration = LiteLLMConfiguration(
            url: proxy.url,
            adminKey: .environment("TEST_ADMIN_KEY"),
            roles: [role: definition]
        )
        configuration.settings.cache.jitter = 0
        configuration.settings.leases = LeaseSettings(idle: .seconds(100_000), grace: .seconds(30), journal: journal)
        try change(&configuration)
        return try LiteLLMPlugin(
            configuration,
            environment: folder.environment.merging(["TEST_ADMIN_KEY": admin ?? proxy.masterKey]) { $1 }
                .merging(environment) { $1 },
            transport: transport,
            clock: clock,
            date: date
        )
    }

    func resolver(
        _ definition: VirtualKeyRole = VirtualKeyRole(),
        admin: String? = nil,
        environment: [String: String] = [:],
        transport: (any HTTPTransport)? = nil,
        _ change: (inout LiteLLMConfiguration) throws -> Void = { _ in }
    ) throws -> KeyResolver {
        let plugin = try plugin(
            definition,
            admin: admin,
            environment: environment,
            transport: transport,
            change
        )
        let registry = HookRegistry()
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: environment)
    }

    /// The keys of the role in the proxy's table.
    var rows: [LiteLLMProxy.Row] { get async throws { try await proxy.keys(stem) } }

    /// The requests about the role's keys, of one path.
    func requests(_ path: String) async throws -> [LiteLLMProxy.Request] {
        try await proxy.requests(stem).filter { $0.path == path }
    }

    /// What was sent in them.
    func bodies(_ path: String) async throws -> [JSONNode] {
        try await proxy.log(stem).filter { $0["path"]?.string == path }.compactMap { $0["body"] }
    }

    /// What is written down and not given back.
    var written: [LeaseRecord] {
        ((try? LeaseJournal.inFolder(journal).pages()) ?? []).flatMap(\.records)
    }

    /// Lets time pass until something is so.
    func pass(_ goal: String, step: Duration = .seconds(1), until isReached: () async throws -> Bool) async throws {
        try await OpenBaoTestSupport.until(goal, within: .seconds(60)) {
            clock.advance(by: step)
            return try await isReached()
        }
    }

    /// Everything in the folder as text.
    var filed: String {
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.compactMap { FileManager.default.contents(atPath: "\(folder.path)/\($0)") }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}

/// Runs a test with a role of its own at the shared proxy, or at another one.
func withProxyUser(
    _ proxy: LiteLLMProxy? = nil,
    _ body: (ProxyUser) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let shared: LiteLLMProxy
        if let proxy { shared = proxy } else { shared = try await LiteLLMProxy.shared }
        try await body(ProxyUser(proxy: shared, folder: folder))
    }
}

extension KeyResolver {
    /// A key of the role, for a tenant if one is named.
    func virtualKey(_ tenant: String? = nil, refresh: Bool = false) async throws -> APIKey {
        try await requireAPIKey(service: "litellm", scope: KeyScope(tenant: tenant), refresh: refresh)
    }

    /// Whether a key was renewed so often, and the cache has it: what is on its way there must not grow old meanwhile.
    func hasRenewed(_ times: Int) throws -> Bool {
        guard leaseStatistics["litellm"]?.renewed == times else { return false }
        return try explain(service: "litellm").cached.first?.state == .fresh
    }

    /// Why there is no key; nil if there is one.
    func failure(_ service: Service = "litellm", _ scope: KeyScope = KeyScope()) async -> KeyResolutionError? {
        do {
            _ = try await resolve(service: service, scope: scope)
            return nil
        } catch {
            return error as? KeyResolutionError
        }
    }
}

extension APIKey {
    /// What the proxy calls the key.
    var token: String { VirtualKeys.hash(of: value) }
}
