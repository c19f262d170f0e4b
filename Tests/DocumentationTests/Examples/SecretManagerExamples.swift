import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

// What <doc:Bring-your-own-secret-manager> shows. All of it runs below.

struct SafeClient: Sendable {
    var secrets: [String: String] = [:]
    func fetch(_ name: String) async throws -> String? { secrets[name] }
}

struct Safe: SecretManager {
    let client: SafeClient

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try options.refuseVersion()
        try options.refuseParameters()
        return try await client.fetch(name.rawValue).map { StoredSecret(.text($0)) }
    }
}

struct AcmeStore: WritableSecretManager {
    let address: String
    let token: SecretValue
    let transport: any HTTPTransport = HTTPTransportSettings().transport()

    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try await ask("GET", name, options, nil)
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        guard let text = content.text else {
            throw KeyResolutionError(.unsupported, "Acme has no fields", remedy: "write one text")
        }
        return try await ask("PUT", name, options.call, text)?.version
    }

    func ask(_ verb: String, _ name: SecretName, _ call: SecretOptions, _ text: String?) async throws -> StoredSecret? {
        try call.refuseVersion()
        try call.refuseParameters()
        let path = name.rawValue.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let headers = ["Authorization": "Bearer \(token.value)"]
        var request = HTTPTransportRequest(method: verb, url: "\(address)/secrets/\(path)", headers: headers)
        request.body = text.map { Array($0.utf8) }
        let reply: HTTPTransportResponse
        do {
            reply = try await transport.send(request, timeout: call.timeout ?? .seconds(10), limit: 1 << 20)
        } catch let error as HTTPTransportError {
            let code: KeyResolutionError.Code = error.code == .timedOut ? .timedOut : .unavailable
            throw KeyResolutionError(code, "Acme can't be reached: \(error)", remedy: "check its address")
        }
        switch reply.status {
        case 200...299:
            return StoredSecret(.text(String(decoding: reply.body, as: UTF8.self)), version: reply.headers["etag"])
        case 404: return nil
        case 401: throw KeyResolutionError(.unauthenticated, "Acme refuses the token", remedy: "get a new one")
        case 403: throw KeyResolutionError(.denied, "Acme denies \(name)", remedy: "ask for access to it")
        default: throw KeyResolutionError(.unavailable, "Acme answers \(reply.status)", remedy: "try again later")
        }
    }
}

final class Ledger: Sendable {
    struct Entry { var versions: [String: SecretContent] = [:], current: Int?, last = 0, tags: [String: String] = [:] }

    let region: String
    private let entries = Mutex<[SecretName: Entry]>([:])

    init(region: String) { self.region = region }

    private func put(
        _ content: SecretContent,
        _ name: SecretName,
        _ options: SecretWriteOptions,
        if condition: SecretCondition? = nil
    ) throws -> String? {
        try options.call.refuseParameters()
        return try entries.withLock { entries in
            var entry = entries[name] ?? Entry()
            let now = entry.current.map { StoredSecret(entry.versions["\($0)"]!, version: "\($0)") }
            guard condition?.holds(for: now) ?? true else {
                throw KeyResolutionError(.conflict, "\(name) isn't as it was", remedy: "read it again")
            }
            entry.last += 1
            entry.current = entry.last
            entry.versions["\(entry.last)"] = content
            entry.tags.merge(options.tags) { $1 }
            entries[name] = entry
            return "\(entry.last)"
        }
    }
}

extension Ledger: CheckAndSetSecretManager {
    func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        try options.refuseParameters()
        return entries.withLock { entries in
            let entry = entries[name]
            guard let version = options.version ?? entry?.current.map({ "\($0)" }) else { return nil }
            return entry?.versions[version].map { StoredSecret($0, version: version) }
        }
    }

    func write(_ content: SecretContent, to name: SecretName, _ options: SecretWriteOptions) async throws -> String? {
        try put(content, name, options)
    }

    func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try put(content, name, options, if: condition)
    }
}

extension Ledger: DeletableSecretManager, RotatableSecretManager {
    func delete(_ name: SecretName, recoverableFor window: Duration?, _ options: SecretOptions) async throws {
        try options.refuseParameters()
        entries.withLock { entries in
            if window == .zero { entries[name] = nil } else { entries[name]?.current = nil }
        }
    }

    func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        try options.refuseParameters()
        entries.withLock { $0[name]?.versions[version] = nil }
    }
}

extension Ledger: ListableSecretManager, HealthCheckable, ConfigurationValidating {
    func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
        try options.refuseParameters()
        let all = entries.withLock { Array($0.keys) }.sorted()
        let names = all.filter { $0.rawValue.hasPrefix(prefix) && $0.rawValue > page ?? "" }
        return SecretPage(Array(names.prefix(100)), next: names.count > 100 ? names[99].rawValue : nil)
    }

    func health(_ options: SecretOptions) async -> SecretManagerHealth {
        region == "moon" ? .degraded("the moon is far away") : .healthy
    }

    func configurationMistakes() async -> [String] {
        region.isEmpty ? ["region is empty: name one, such as eu"] : []
    }
}

@Suite("The article on secret managers", .timeLimit(.minutes(2)))
struct SecretManagerExamples {
    @Test("The minimal one answers for keys")
    func minimal() async throws {
        let client = SafeClient(secrets: ["prod/openai/api_key": "fake-openai"])

        let registry = HookRegistry()
        let safe = ManagedSecrets(in: Safe(client: client), named: "safe")
        try registry.register { hooks in
            hooks.answer(from: try safe.keys(at: "prod/{service}/api_key"), id: "safe")
        }
        let resolver = try KeyResolver(configuration: .discover(), registry: registry)
        let key = try await resolver.getAPIKey(service: "openai")

        #expect(key?.value == "fake-openai")
        let alone = try KeyResolver(registry: registry, environment: [:])
        #expect(try await alone.getAPIKey(service: "groq") == nil)
        let check = SecretManagerConformance(of: Safe(client: client))
        #expect(await check.failures(absent: "keyhooks/nothing") == [])
    }

    @Test("The one over HTTP keeps the contract against a real server")
    func http() async throws {
        try await withStore { address in
            let store = AcmeStore(address: address, token: SecretValue("fake-token"))
            let unreachable = AcmeStore(address: "http://127.0.0.1:1", token: SecretValue("fake-token"))

            let check = SecretManagerConformance(of: store, failing: unreachable)
            let failures = await check.failures(absent: "none", writable: "keyhooks/conformance", takesFields: false)

            #expect(failures == [])
            let team = ManagedSecrets(in: store, named: "acme", access: .readWrite)
            try await team.write(.text("fake-1"), to: "team/é key")
            try await team.rotate("team/é key", to: .text("fake-2"))
            #expect(try await team.read("team/é key")?.content.text == "fake-2")
            for (name, code) in [("denied", KeyResolutionError.Code.denied), ("broken", .unavailable)] {
                for _ in 1...2 {
                    let error = await #expect(throws: KeyResolutionError.self) { try await team.read(name) }
                    #expect(error?.code == code)
                }
            }
            let stranger = ManagedSecrets(in: AcmeStore(address: address, token: SecretValue("other")))
            let error = await #expect(throws: KeyResolutionError.self) { try await stranger.read("x") }
            #expect(error?.code == .unauthenticated)
        }
    }

    @Test("The one with everything is made by a configuration and keeps the contract")
    func everything() async throws {
        let check = SecretManagerConformance(of: Ledger(region: "eu"))
        #expect(await check.failures(absent: "none", writable: "keyhooks/conformance") == [])
        let text = """
            { "managers":  { "team": { "kind": "ledger", "region": "eu", "access": "read-write", "secret": "providers" } },
              "providers": { "groq": { "source": "team", "secret": "own/groq" } } }
            """
        let configuration = try KeyConfiguration(parsing: text)

        struct LedgerSettings: Decodable { var region: String }
        let ledgers = SecretManagerKind("ledger") { (settings: LedgerSettings, _) in Ledger(region: settings.region) }
        let resolver = try KeyResolver(configuration: configuration, plugins: [ledgers])
        let team = try resolver.secrets(in: "team")

        try await team.write("fake-openai", toField: "OPENAI_API_KEY", of: "providers")
        try await team.write(.text("fake-groq"), to: "own/groq", SecretWriteOptions(tags: ["owner": "me"]))
        #expect(try await resolver.getAPIKey(service: "openai")?.value == "fake-openai")
        #expect(try await resolver.getAPIKey(service: "groq")?.value == "fake-groq")

        try await team.write(.text("fake-1"), to: "own/groq")
        try await team.rotate("own/groq", to: .text("fake-2"))  // the same name
        try await team.rotate("own/groq", to: .text("fake-3"), as: "own/groq-2")  // another one; the old is deleted
        let rotation = try await team.rotate("providers", field: "OPENAI_API_KEY", to: "fake-newer")
        let key = try await resolver.requireAPIKey(service: "openai")  // the new one

        #expect(rotation.isOldRetired && key.value == "fake-newer")
        #expect(try await team.read("own/groq") == nil)
        #expect(try await team.read("own/groq-2")?.content.text == "fake-3")
        for number in 0..<250 { try await team.write(.text("x"), to: "many/\(number)") }
        #expect(try await team.list("many/").count == 250)
        #expect(await team.health()?.state == .healthy)
        #expect(await ManagedSecrets(in: Ledger(region: "")).configurationMistakes().count == 1)
        let wrong = text.replacing("region", with: "regoin")
        let error = #expect(throws: KeyResolutionError.self) {
            try KeyResolver(configuration: KeyConfiguration(parsing: wrong), plugins: [ledgers])
        }
        #expect(error?.message.contains("managers.team.regoin") == true)
    }

    /// A store of nobody's, as a real server on loopback.
    private func withStore(_ body: (String) async throws -> Void) async throws {
        let script = """
            import http.server, os, sys, urllib.parse
            secrets, count = {}, 0
            class Store(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def log_message(self, *words): pass
                def answer(self, status, body=b"", version=None):
                    self.send_response(status)
                    if version: self.send_header("ETag", version)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def handle_any(self):
                    global count
                    name = urllib.parse.unquote(self.path.removeprefix("/secrets/"))
                    body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                    if self.headers.get("Authorization") != "Bearer fake-token": return self.answer(401)
                    if name == "denied": return self.answer(403)
                    if name == "broken": return self.answer(500)
                    if self.command == "PUT":
                        count += 1
                        secrets[name] = (body, str(count))
                        return self.answer(204, version=str(count))
                    if self.command == "DELETE": secrets.pop(name, None); return self.answer(204)
                    if name not in secrets: return self.answer(404)
                    self.answer(200, *secrets[name])
                do_GET = do_PUT = do_DELETE = handle_any
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
            with open(sys.argv[1] + ".new", "w") as file: file.write(str(server.server_port))
            os.rename(sys.argv[1] + ".new", sys.argv[1])
            server.serve_forever()
            """
        try await withTemporaryFolder { folder in
            let note = "\(folder.path)/port"
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", script, note]
            // It must not keep the output of the tests open.
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            defer { kill(process.processIdentifier, SIGKILL) }
            var port: String?
            while port == nil, process.isRunning {
                try await Task.sleep(for: .milliseconds(20))
                port = try? String(contentsOfFile: note, encoding: .utf8)
            }
            try await body("http://127.0.0.1:\(try #require(port))")
        }
    }
}
