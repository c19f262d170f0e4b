import ExtensionHooks
import Foundation
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import LiteLLM

/// Neither a minted key nor the admin key is in a file or in what is printed.
@Suite(.timeLimit(.minutes(5))) struct SecrecyTests {
    @Test("Nothing that is written or printed has a key in it", arguments: [nil, Duration.seconds(86_400)])
    func nothing(period: Duration?) async throws {
        try await withProxyUser { user in
            var role = VirtualKeyRole()
            role.staticPeriod = period
            let plugin = try user.plugin(role)
            let registry = HookRegistry()
            try registry.register { plugin.register(in: &$0) }
            let resolver = try KeyResolver(registry: registry, environment: [:])
            let answer = try await resolver.resolve(service: "litellm")
            let key = try await resolver.virtualKey()
            let field = try await resolver.getSecret(service: "litellm", field: "api_base")
            let explanation = try resolver.explain(service: "litellm")
            let encoded = String(decoding: try JSONEncoder().encode(explanation), as: UTF8.self)
            let wrong = try user.resolver(role, admin: user.proxy.masterKey + "x")
            let error = try #require(await wrong.failure())
            // What is written down while it is lent, and what its journal keeps of one that can't be given back.
            try await user.proxy.fault("status-503", at: "/key/delete", of: user.stem, times: 100)
            #expect(resolver.release(key) == (period == nil))
            if period == nil {
                #expect(!user.written.isEmpty)
                try await until("it failed") { resolver.leaseStatistics["litellm"]?.failedReturns ?? 0 > 0 }
            }
            let secrets = [key.value, user.proxy.masterKey]
            for secret in secrets { #expect(!user.filed.contains(secret), "a file has it") }
            let subjects: [Any] = [
                plugin, resolver, answer, explanation, encoded, error, error.localizedDescription, key, user.written,
                resolver.cacheStatistics, resolver.leaseStatistics, field as Any, registry,
                try resolver.explain(service: "litellm").description,
            ]
            for subject in subjects { expectNothing(of: secrets, in: subject) }
        }
    }

    private func expectNothing(of secrets: [String], in subject: Any) {
        var dumped = ""
        dump(subject, to: &dumped)
        for text in [String(describing: subject), String(reflecting: subject), dumped] {
            for secret in secrets { #expect(!text.contains(secret), "\(type(of: subject)) prints it") }
        }
    }

    @Test func `What the plugin keeps of a key shows its name only`() {
        let key = VirtualKey(key: "sk-secret", token: "t", alias: "a", url: "u")
        expectNothing(of: ["sk-secret"], in: key)
        expectNothing(of: ["sk-secret"], in: [key])
        expectNothing(of: ["sk-secret"], in: SourceReading.found(key))
    }
}
