#if AWS
import ExtensionHooks
import Foundation
import HTTPTransport
import JSON5Syntax
import KeyHooks
import KeyHooksTesting
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("Many secrets with few requests", .timeLimit(.minutes(5)))
struct BatchTests {
    private static func resolver(_ moto: MotoSecrets, as user: String = "writer") throws -> KeyResolver {
        let secrets = try moto.secrets(as: user)
        let registry = HookRegistry()
        try registry.register { hooks in
            var settings = SourceSettings()
            settings.timeout = .seconds(60)
            hooks.answer(from: try secrets.keys(at: "{service}/key"), id: "aws", settings: settings)
        }
        return try KeyResolver(registry: registry, environment: ["S7_API_KEY": "env"])
    }

    private static let services = (0..<100).map { Service("s\($0)") }

    private static func write(_ moto: MotoSecrets, tags: [String: String] = [:]) async throws {
        let secrets = try await Others(of: moto).secrets
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services {
                group.addTask {
                    let options = SecretWriteOptions(tags: tags)
                    try await secrets.write(.text("fake-\(service)"), to: "\(service)/key", options)
                }
            }
            try await group.waitForAll()
        }
    }

    private static func check(_ resolver: KeyResolver) async throws {
        for service in services {
            #expect(try await resolver.getAPIKey(service: service)?.value == "fake-\(service)")
        }
    }

    @Test("A hundred secrets are five requests, and none after that")
    func hundred() async throws {
        let moto = try await MotoSecrets()
        try await Self.write(moto)
        let resolver = try Self.resolver(moto)
        #expect(await resolver.warmUp(Self.services).isEmpty)
        try await Self.check(resolver)
        #expect(moto.actions == Array(repeating: "BatchGetSecretValue", count: 5))
    }

    @Test("By tags they are one list more, and tags that only begin so don't count")
    func tags() async throws {
        let moto = try await MotoSecrets()
        let tag = "team\(UInt64.random(in: 0 ... .max))"
        try await Self.write(moto, tags: [tag: "ai"])
        let others = try await Others(of: moto).secrets
        for (name, tags) in [("x", [tag: "ai2"]), ("y", ["\(tag)2": "ai"]), ("z", [tag: "b", "c": "ai"])] {
            try await others.write(.text("other"), to: "\(name)/key", SecretWriteOptions(tags: tags))
        }
        let resolver = try Self.resolver(moto)
        try await resolver.warmUp(tagged: [tag: "ai"])
        try await Self.check(resolver)
        let lists = moto.actions.count { $0 == "ListSecrets" }
        #expect(moto.actions.count - lists == 5)
        // The tags that begin alike are on a page of their own.
        #expect((1...2).contains(lists))
        let found = try await moto.manager().secrets(tagged: [tag: "ai"], after: nil, SecretOptions())
        #expect(found.secrets.keys.allSatisfy { !$0.rawValue.hasSuffix("x/key") && !$0.rawValue.hasSuffix("z/key") })
    }

    @Test("Each secret has an outcome of its own: absent, deleted, binary")
    func outcomes() async throws {
        let moto = try await MotoSecrets()
        let others = try await Others(of: moto).secrets
        try await others.write(.text("fake-1"), to: "a")
        try await others.write(.text("fake-2"), to: "gone")
        try await others.delete("gone")
        let names = try ["a", "gone", "none"].map { try SecretName(moto.prefix + $0) }
        let results = try await moto.manager().secrets(names, SecretOptions())
        #expect(results.count == 3)
        #expect(try results[names[0]]?.get()?.content.text == "fake-1")
        #expect(try results[names[1]]?.get() == nil)
        #expect(try results[names[2]]?.get() == nil)
        #expect(moto.actions == ["BatchGetSecretValue"])
    }

    @Test("One that is denied alone is denied, the one that AWS leaves out is read again: replies of a fake's")
    func entries() async throws {
        let moto = try await MotoSecrets { action, _ in
            guard action == "BatchGetSecretValue" else { return nil }
            return .success(
                #"{"SecretValues": [], "Errors": [{"SecretId": "denied", "ErrorCode": "AccessDeniedException"}]}"#
            )
        }
        let names = try ["denied", "left-out"].map { try SecretName($0) }
        let results = try await moto.manager().secrets(names, SecretOptions())
        for (name, code) in zip(names, [KeyResolutionError.Code.denied, .unavailable]) {
            let error = #expect(throws: KeyResolutionError.self) { try results[name]?.get() }
            #expect(error?.code == code)
        }
    }

    @Test("Whoever may only read secrets reads them one by one, and a denial isn't answered by the environment")
    func notAllowed() async throws {
        let moto = try await MotoSecrets()
        try await Self.write(moto)
        let resolver = try Self.resolver(moto, as: "reader")
        #expect(await resolver.warmUp(Array(Self.services.prefix(10))).isEmpty)
        #expect(moto.actions.count { $0 == "BatchGetSecretValue" } == 1)
        #expect(moto.actions.count { $0 == "GetSecretValue" } == 10)
        let stranger = try Self.resolver(moto, as: "stranger")
        let failures = await stranger.warmUp([Service("s7")])
        #expect((failures[Service("s7")] as? KeyResolutionError)?.code == .denied)
    }
}
#endif
