import KeyHooks
import KeyHooksTesting
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("What OpenBao has not")
struct AbsenceTests {
    @Test("A missing secret leaves the environment to answer")
    func fallsThrough() async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver(environment: ["OPENAI_API_KEY": "sk-environment"])
        let key = try #require(try await resolver.getAPIKey(service: "openai"))
        #expect(key.value == "sk-environment")
        #expect(key.provenance?.skippedSources.filter { !$0.isAbsence } == [])
    }

    @Test("An absence names the place in OpenBao that was tried")
    func namesThePlace() async throws {
        let vault = try await Vault()
        let resolver = try vault.resolver()
        guard case .absent(let absence) = try await resolver.resolve(service: "openai") else {
            Issue.record("there is no such secret")
            return
        }
        let place = "OpenBao: \(vault.mount)/ai/providers (there is no such secret)"
        #expect(absence.placesTried.first == place)
    }

    @Test("A missing, a deleted and a destroyed secret are reported apart")
    func toldApart() async throws {
        let vault = try await Vault()
        let (admin, mount) = (vault.admin, vault.mount)
        let resolver = try vault.resolver()
        func detail() async throws -> String? {
            #expect(try await resolver.value("openai") == nil)
            let report = try #require(try resolver.explain(service: "openai").cached.first)
            #expect(report.state == .absent)
            vault.clock.advance(by: .seconds(30))
            return report.detail
        }
        #expect(try await detail() == "there is no such secret")

        try await admin.put(mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        try await admin.delete(mount, "ai/providers")
        #expect(try await detail() == "version 1 is deleted; 'bao kv undelete' brings it back")

        try await admin.destroy(mount, "ai/providers", versions: [1])
        #expect(try await detail() == "version 1 is destroyed")
    }

    @Test("An undeleted secret is read again after the negative TTL and not before")
    func undeleted() async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        try await vault.admin.delete(vault.mount, "ai/providers")
        let resolver = try vault.resolver()
        #expect(try await resolver.value("openai") == nil)
        try await vault.admin.undelete(vault.mount, "ai/providers", versions: [1])
        vault.clock.advance(by: .seconds(29))
        #expect(try await resolver.value("openai") == nil)
        vault.clock.advance(by: .seconds(1))
        #expect(try await resolver.value("openai") == "sk-1")
    }

    @Test("A path that repeats the mount, and a mount with 'data', are noticed", arguments: ["data", "M", "M/data"])
    func repeatedMount(_ first: String) async throws {
        let vault = try await Vault()
        let first = first.replacing("M", with: vault.mount)
        let resolver = try vault.resolver(path: "\(first)/ai/providers")
        _ = try await resolver.value("openai")
        let detail = try resolver.explain(service: "openai").cached.first?.detail
        #expect(detail == "there is no such secret; 'path' is below the mount, without '\(first)/'")
        let error = try #require(await vault.absence(path: "/\(first)/{service}/"))
        let remedy =
            "take '\(first)/' off the beginning of 'path', or put it into \(vault.mount)/\(first)/openai, field "
        #expect(error.remedy.hasPrefix(remedy), "\(error)")
        let other = try #require(await vault.absence { $0.mount += "/data" })
        #expect(other.message.contains("; 'mount' is without '/data'"), "\(other)")
    }
}
