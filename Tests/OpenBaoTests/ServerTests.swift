import Foundation
import OpenBaoTestSupport
import Testing

/// The support of these tests against the real server, and what the server says that the plugin relies on.
@Suite struct ServerTests {
    @Test(arguments: Fact.all)
    func `the server answers as the plugin expects`(_ fact: Fact) async throws {
        let reply = try await fact.request(try await Scene())
        #expect(reply.status == fact.status, "\(reply)")
        #expect(reply.errors == fact.errors, "\(reply)")
    }

    @Test func `a deleted version keeps its metadata, and comes back`() async throws {
        let scene = try await Scene()
        try await scene.admin.delete(scene.mount, "present")
        let deleted = try await scene.get("present")
        #expect(deleted.status == 404)
        #expect(deleted.string("data.metadata.deletion_time")?.isEmpty == false)
        #expect(deleted.bool("data.metadata.destroyed") == false)
        #expect(!deleted.has("data.data"))

        try await scene.admin.undelete(scene.mount, "present", versions: [1])
        #expect(try await scene.get("present").string("data.data.key") == "sk-1")

        try await scene.admin.destroy(scene.mount, "present", versions: [1])
        let destroyed = try await scene.get("present")
        #expect(destroyed.status == 404)
        #expect(destroyed.bool("data.metadata.destroyed") == true)
        // Destroying alone, without deleting before, sets no time.
        #expect(destroyed.string("data.metadata.deletion_time") == "")
    }

    @Test func `a live version may have a time of deletion to come, and then expires`() async throws {
        let scene = try await Scene()
        try await scene.admin.setDeleteVersionAfter(scene.mount, "future", "1h")
        try await scene.admin.put(scene.mount, "future", ["key": "sk-2"])
        let live = try await scene.get("future")
        #expect(live.string("data.data.key") == "sk-2")
        let deletion = try live.required("data.metadata.deletion_time").prefix(19)
        #expect(deletion > Date.now.formatted(.iso8601).prefix(19))

        try await scene.admin.setDeleteVersionAfter(scene.mount, "short", "1s")
        try await scene.admin.put(scene.mount, "short", ["key": "sk-3"])
        try await until("the version has expired") { try await scene.get("short").status == 404 }
        #expect(try await scene.get("short").has("data.metadata.deletion_time"))
    }

    @Test func `an older version can be read`() async throws {
        let scene = try await Scene()
        #expect(try await scene.admin.put(scene.mount, "present", ["key": "sk-4", "port": 1]) == 2)
        #expect(try await scene.admin.get(scene.mount, "present", version: 1).string("data.data.key") == "sk-1")
        #expect(try await scene.get("present").int("data.data.port") == 1)
    }

    @Test func `version 1 of the engine has no metadata`() async throws {
        let scene = try await Scene()
        let mount = unique("kv1")
        try await scene.admin.mountKV1(mount)
        try await scene.admin.expect("POST", "\(mount)/app", ["key": "sk-5"])
        #expect(try await scene.admin.call("GET", "\(mount)/app").string("data.key") == "sk-5")
    }

    @Test func `a namespace has mounts of its own`() async throws {
        let scene = try await Scene()
        let name = unique("team")
        try await scene.admin.createNamespace(name)
        let team = scene.admin.within(name)
        try await team.mountKV2(scene.mount)
        try await team.put(scene.mount, "app", ["key": "sk-6"])
        // The header and the path mean the same.
        #expect(try await team.get(scene.mount, "app").string("data.data.key") == "sk-6")
        let path = "\(name)/\(scene.mount)/data/app"
        #expect(try await scene.admin.call("GET", path).string("data.data.key") == "sk-6")
        #expect(try await scene.get("app").status == 404)
        let reads = try scene.server.requests(pathContaining: "\(scene.mount)/data/app")
            .filter { $0.operation == "read" }
        #expect(reads.map(\.namespace) == ["\(name)/", "\(name)/", ""])
    }

    @Test func `a role logs in, and its token reads what the policy allows`() async throws {
        let scene = try await Scene()
        let (method, role) = try await scene.role()
        let login = try await scene.admin.login(mount: method, roleID: role.roleID, secretID: role.secretID)
        #expect(login.int("auth.lease_duration") == 1200)
        #expect(login.bool("auth.renewable") == true)
        let reader = scene.admin.with(token: try login.required("auth.client_token"))
        #expect(try await reader.get(scene.mount, "present").status == 200)
        #expect(try await reader.get(scene.mount, "missing").status == 403)
        #expect(try scene.server.loginCount(mount: method) == 1)
    }

    @Test func `a quota answers 429 and says when to come again`() async throws {
        let scene = try await Scene()
        try await scene.admin.setRateLimit(scene.mount, rate: 1, interval: "60s")
        #expect(try await scene.get("present").status == 200)
        let refused = try await scene.get("present")
        #expect(refused.status == 429)
        let wait = try #require(refused.headers["retry-after"].flatMap { Int($0) }, "\(refused.headers)")
        #expect((1...60).contains(wait))
        #expect(refused.errors == ["request path \"\(scene.mount)/data/present\": rate limit quota exceeded"])
        try await scene.admin.removeRateLimit(scene.mount)
        #expect(try await scene.get("present").status == 200)
        // The refused one is counted too.
        #expect(try scene.server.requestCount(pathContaining: "\(scene.mount)/data/present") == 4)
    }

    @Test func `a quota says not when to come again unless the server is reported to`() async throws {
        try await withServer { server in
            let admin = BaoAdmin(server)
            try await admin.setQuotas(announced: false)
            try await admin.setRateLimit("sys/mounts", rate: 1, interval: "60s")
            try await admin.expect("GET", "sys/mounts")
            let refused = try await admin.call("GET", "sys/mounts")
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == nil)
        }
    }

    @Test func `requests are counted by path`() async throws {
        let scene = try await Scene()
        #expect(try scene.server.requestCount(pathContaining: "\(scene.mount)/data/counted") == 0)
        for _ in 1...3 { _ = try await scene.get("counted") }
        _ = try await scene.admin.with(token: "s.dead").get(scene.mount, "counted")
        let requests = try scene.server.requests(pathContaining: "\(scene.mount)/data/counted")
        #expect(requests.map(\.operation) == ["read", "read", "read", "read"])
        #expect(requests.map(\.error) == [nil, nil, nil, "permission denied"])
    }

    @Test func `a sealed server answers 503 to everything, and comes back`() async throws {
        try await withServer { server in
            let admin = BaoAdmin(server)
            try await admin.mountKV2("kv")
            try await admin.put("kv", "app", ["key": "sk-7"])
            try await server.seal()
            for path in ["kv/data/app", "nowhere/data/app", "auth/approle/login"] {
                let reply = try await admin.call("GET", path)
                #expect(reply.status == 503)
                #expect(reply.errors == ["Vault is sealed"])
            }
            #expect(await !server.isHealthy)
            try await server.unseal()
            #expect(await server.isHealthy)
            #expect(try await admin.get("kv", "app").string("data.data.key") == "sk-7")
        }
    }

    @Test func `a killed server refuses connections, and comes back sealed with its data`() async throws {
        try await withServer { server in
            let admin = BaoAdmin(server)
            try await admin.mountKV2("kv")
            try await admin.put("kv", "app", ["key": "sk-8"])
            try await server.kill()
            await #expect(throws: (any Error).self) { try await admin.get("kv", "app") }
            try await server.restart(sealed: true)
            #expect(try await admin.get("kv", "app").status == 503)
            try await server.unseal()
            #expect(try await admin.get("kv", "app").string("data.data.key") == "sk-8")

            // Also without a crash before, and all at once.
            try await server.restart()
            #expect(try await admin.get("kv", "app").string("data.data.key") == "sk-8")
        }
    }

    @Test func `a stopped server leaves nothing behind`() async throws {
        let server = try await BaoServer.started()
        let pid = try String(contentsOf: server.folder.appendingPathComponent("pid"), encoding: .utf8)
        let number = try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await server.stop()
        #expect(kill(number, 0) == -1)
        #expect(!FileManager.default.fileExists(atPath: server.folder.path))
    }
}

/// A mount of its own on the shared server, with the secret `present` and a policy that allows reading it.
struct Scene {
    let server: BaoServer
    let admin: BaoAdmin
    let mount = unique("kv")
    let policy = unique("policy")

    init() async throws {
        server = try await BaoServer.shared
        admin = BaoAdmin(server)
        try await admin.mountKV2(mount)
        try await admin.put(mount, "present", ["key": "sk-1"])
        try await admin.createPolicy(policy, #"path "\#(mount)/data/present" { capabilities = ["read"] }"#)
    }

    func get(_ path: String) async throws -> BaoReply { try await admin.get(mount, path) }

    /// A role in an AppRole method of its own.
    func role(
        secretIDUses: Int? = nil
    ) async throws -> (method: String, role: (roleID: String, secretID: String)) {
        let method = unique("approle")
        try await admin.enableAppRole(mount: method)
        let role = try await admin.createRole(
            mount: method,
            "reader",
            policies: [policy],
            tokenTTL: "20m",
            secretIDUses: secretIDUses
        )
        return (method, role)
    }
}

/// What the server answers to one request.
struct Fact: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    /// Nil when the answer has no list of errors.
    let errors: [String]?
    let request: @Sendable (Scene) async throws -> BaoReply

    init(
        _ name: String,
        _ status: Int,
        _ errors: [String]?,
        _ request: @escaping @Sendable (Scene) async throws -> BaoReply
    ) {
        testDescription = name
        self.status = status
        self.errors = errors
        self.request = request
    }

    private static let deadToken = ["permission denied"]
    private static let denied = ["1 error occurred:\n\t* permission denied\n\n"]

    static let all = secrets + tokens + logins

    private static let secrets = [
        Fact("a secret", 200, nil) { try await $0.get("present") },
        Fact("a missing path", 404, []) { try await $0.get("missing") },
        Fact("a missing version", 404, []) { try await $0.admin.get($0.mount, "present", version: 9) },
        Fact("metadata without a version", 404, []) {
            try await $0.admin.setDeleteVersionAfter($0.mount, "bare", "1h")
            return try await $0.get("bare")
        },
        Fact("a deleted version", 404, nil) {
            try await $0.admin.delete($0.mount, "present")
            return try await $0.get("present")
        },
        Fact("a destroyed version", 404, nil) {
            try await $0.admin.destroy($0.mount, "present", versions: [1])
            return try await $0.get("present")
        },
        Fact("a path of version 1", 404, nil) { try await $0.admin.call("GET", "\($0.mount)/present") },
        Fact("an encoded slash", 404, []) { try await $0.get("a%2Fb") },
        Fact("a path that climbs", 400, ["relative paths not supported"]) { try await $0.get("a%2F..%2Fb") },
        Fact("a mount that is not there", 404, [#"no handler for route "nowhere/data/a". route entry not found."#]) {
            try await $0.admin.get("nowhere", "a")
        },
        Fact("a namespace that is not there", 404, ["namespace not found"]) {
            try await $0.admin.within("nowhere").get($0.mount, "present")
        },
    ]

    private static let tokens = [
        Fact("no token", 403, deadToken) { try await $0.admin.with(token: nil).get($0.mount, "present") },
        Fact("an unknown token", 403, deadToken) { try await $0.admin.with(token: "s.no").get($0.mount, "present") },
        Fact("a revoked token", 403, deadToken) {
            let token = try await $0.admin.createToken(policies: [$0.policy])
            try await $0.admin.revoke(token)
            return try await $0.admin.with(token: token).get($0.mount, "present")
        },
        Fact("an expired token", 403, deadToken) { scene in
            let reader = scene.admin.with(
                token: try await scene.admin.createToken(policies: [scene.policy], ttl: "1s")
            )
            try await until("the token has expired") { try await reader.get(scene.mount, "present").status == 403 }
            return try await reader.get(scene.mount, "present")
        },
        Fact("a token that is used up", 403, deadToken) {
            let reader = $0.admin.with(token: try await $0.admin.createToken(policies: [$0.policy], uses: 1))
            _ = try await reader.get($0.mount, "present")
            return try await reader.get($0.mount, "present")
        },
        Fact("a token that may not read it", 403, denied) {
            try await $0.admin.with(token: try await $0.admin.createToken(policies: [$0.policy]))
                .get($0.mount, "other")
        },
        Fact("a token that may not read a mount that is not there", 403, denied) {
            try await $0.admin.with(token: try await $0.admin.createToken(policies: [$0.policy])).get("nowhere", "a")
        },
    ]

    private static let logins = [
        Fact("a role's login", 200, nil) {
            let (method, role) = try await $0.role()
            return try await $0.admin.login(mount: method, roleID: role.roleID, secretID: role.secretID)
        },
        Fact("a wrong secret id", 400, ["invalid role or secret ID"]) {
            let (method, role) = try await $0.role()
            return try await $0.admin.login(mount: method, roleID: role.roleID, secretID: "wrong")
        },
        Fact("a wrong role id", 400, ["invalid role or secret ID"]) {
            let (method, role) = try await $0.role()
            return try await $0.admin.login(mount: method, roleID: "wrong", secretID: role.secretID)
        },
        Fact("a secret id that is used up", 400, ["invalid role or secret ID"]) {
            let (method, role) = try await $0.role(secretIDUses: 1)
            _ = try await $0.admin.login(mount: method, roleID: role.roleID, secretID: role.secretID)
            return try await $0.admin.login(mount: method, roleID: role.roleID, secretID: role.secretID)
        },
        Fact("a login at a method that is not there", 403, deadToken) {
            try await $0.admin.login(mount: "nowhere", roleID: "a", secretID: "b")
        },
    ]
}
