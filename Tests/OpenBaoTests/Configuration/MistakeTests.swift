import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("Mistakes in the section of keyhooks.json")
struct MistakeTests {
    @Test("A mistake is reported with its place, and how to fix it", arguments: Mistake.all)
    func mistake(_ mistake: Mistake) throws {
        let error = try #require(try failure(mistake.section))
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("keyhooks.json:1:\(mistake.column): plugins.openbao"), "\(error.message)")
        #expect(error.message.contains(mistake.message), "\(error.message)")
        #expect(!error.message.contains("\n"), "\(error.message)")
        #expect(!error.remedy.isEmpty)
        #expect(!error.description.contains("leak"))
    }

    @Test("Paths in a file that is named by a relative path don't depend on the working directory later")
    func relative() throws {
        let folder = unique("relative")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let section = "{path: 'a', caCert: 'ca.pem', token: 'file:token'}"
        try Data("{plugins: {openbao: \(section)}}".utf8).write(to: URL(fileURLWithPath: "\(folder)/keyhooks.json"))
        let whole = FileManager.default.currentDirectoryPath + "/" + folder
        for path in ["\(folder)/keyhooks.json", "./\(folder)/keyhooks.json"] {
            let configuration = try #require(try OpenBaoConfiguration(KeyConfiguration.read(from: path)))
            let certificate = try #require(configuration.transport.authorityFile)
            #expect(certificate.hasPrefix("/") && certificate.replacing("/./", with: "/") == "\(whole)/ca.pem")
            #expect(configuration.token.map { "\($0)".hasPrefix("file:/") } == true)
        }
    }

    @Test("All mistakes are reported at once, in order")
    func all() throws {
        let section = "{path: '', ttl: 5, token: 's.leak', timeout: '0s', address: 'leak'}"
        let lines = try #require(try failure(section)).message.split(separator: "\n")
        #expect(lines.count == 5)
        for (line, name) in zip(lines, ["path", "ttl", "token", "timeout", "address"]) {
            #expect(line.contains("plugins.openbao.\(name): "), "\(line)")
        }
    }

    @Test("What a file is refused for, code is too", arguments: CodeMistake.all)
    func code(_ mistake: CodeMistake) throws {
        var configuration = OpenBaoConfiguration(path: "a")
        mistake.change(&configuration)
        let error = try #require(throws: KeyResolutionError.self) {
            try OpenBaoPlugin(configuration, environment: mistake.environment)
        }
        #expect(error.code == .invalidConfiguration, "\(error)")
        #expect(!error.remedy.isEmpty)
        #expect(!error.description.contains("leak"))
        // A second variable may count as well, such as the certificate that a key needs.
        #expect(
            mistake.environment.isEmpty || mistake.environment.keys.contains { error.message.contains($0) },
            "\(error)"
        )
    }

    /// What making the plugin from a file with this section fails with.
    private func failure(_ section: String) throws -> KeyResolutionError? {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("configuration"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("keyhooks.json")
        try Data("{plugins: {openbao: \(section)}}".utf8).write(to: file)
        let configuration = try KeyConfiguration.read(from: file.path)
        return #expect(throws: KeyResolutionError.self) { try OpenBaoConfiguration(configuration) }
    }
}

struct CodeMistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var environment: [String: String] = [:]
    var change: @Sendable (inout OpenBaoConfiguration) -> Void = { _ in }

    static let all = [
        CodeMistake(testDescription: "an empty path", change: { $0.path = "" }),
        CodeMistake(testDescription: "a path that climbs", change: { $0.path = "a/../b" }),
        CodeMistake(testDescription: "an unknown placeholder", change: { $0.path = "{servce}" }),
        CodeMistake(testDescription: "a placeholder in the mount", change: { $0.mount = "{project}" }),
        CodeMistake(testDescription: "a placeholder in the namespace", change: { $0.namespace = "{tenant}" }),
        CodeMistake(testDescription: "a namespace with a line break", change: { $0.namespace = "a\r\nX-Leak: 1" }),
        CodeMistake(testDescription: "a namespace beyond ASCII", change: { $0.namespace = "größe" }),
        CodeMistake(testDescription: "a token and a login") {
            $0.token = .environment("A")
            $0.logins = [.certificate()]
        },
        CodeMistake(testDescription: "a token inline") {
            $0.logins = [.token(.environment("A"))]
            $0.logins[0].isInline = true
        },
        CodeMistake(testDescription: "a user that is a path") {
            $0.logins = [.userpass(user: "../leak", password: .environment("A"))]
        },
        CodeMistake(testDescription: "a mount that climbs") {
            $0.logins = [.certificate()]
            $0.logins[0].mount = "a/../leak"
        },
        CodeMistake(testDescription: "a version of KV that isn't one", change: { $0.kv = 3 }),
        CodeMistake(testDescription: "no address", change: { $0.addresses = [] }),
        CodeMistake(testDescription: "an address with a user", change: { $0.addresses = ["https://u:leak@a.test"] }),
        CodeMistake(
            testDescription: "a bad address after a good one",
            change: { $0.addresses = ["http://a", "leak"] }
        ),
        CodeMistake(testDescription: "an empty field", change: { $0.field = "" }),
        CodeMistake(testDescription: "a bad pointer", change: { $0.field = "/a~2" }),
        CodeMistake(testDescription: "a negative TTL", change: { $0.settings.cache.timeToLive = .seconds(-1) }),
        CodeMistake(testDescription: "a jitter above one", change: { $0.settings.cache.jitter = 1.1 }),
        CodeMistake(testDescription: "a capacity of nothing", change: { $0.settings.cache.capacity = 0 }),
        CodeMistake(testDescription: "a bad BAO_ADDR", environment: ["BAO_ADDR": "leak"]),
        CodeMistake(testDescription: "a relative socket as BAO_ADDR", environment: ["BAO_ADDR": "unix://leak.sock"]),
        CodeMistake(testDescription: "a bad BAO_SKIP_VERIFY", environment: ["BAO_SKIP_VERIFY": "leak"]),
        CodeMistake(testDescription: "a bad VAULT_SKIP_VERIFY", environment: ["VAULT_SKIP_VERIFY": "yes"]),
        CodeMistake(testDescription: "a key without a certificate", environment: ["BAO_CLIENT_KEY": "/leak"]),
        CodeMistake(testDescription: "a key as a path", environment: ["BAO_CLIENT_CERT": "-----BEGIN leak"]),
        CodeMistake(testDescription: "a key in a device", environment: ["BAO_CLIENT_CERT": "pkcs11:leak"]),
        CodeMistake(testDescription: "a line break in a path", environment: ["VAULT_CACERT": "/ca\nleak"]),
        CodeMistake(testDescription: "a certificate's bytes", environment: ["BAO_CACERT_BYTES": "leak"]),
        CodeMistake(testDescription: "a key's bytes", environment: ["VAULT_CLIENT_KEY_BYTES": "leak"]),
        CodeMistake(testDescription: "a bad proxy", environment: ["BAO_PROXY_ADDR": "leak"]),
        CodeMistake(testDescription: "a server's name with a port", environment: ["BAO_TLS_SERVER_NAME": "leak:443"]),
        CodeMistake(
            testDescription: "a URL as a server's name",
            environment: ["VAULT_TLS_SERVER_NAME": "https://leak"]
        ),
        CodeMistake(testDescription: "a server's name in code", change: { $0.transport.serverName = "bao leak" }),
        CodeMistake(testDescription: "a bad VAULT_AGENT_ADDR", environment: ["VAULT_AGENT_ADDR": "https://u:leak@a"]),
        CodeMistake(testDescription: "a bad BAO_NAMESPACE", environment: ["BAO_NAMESPACE": "a//leak"]),
    ]
}
