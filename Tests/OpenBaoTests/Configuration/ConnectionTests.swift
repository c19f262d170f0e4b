import ExtensionHooks
import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// Nothing is asked here, so no server is needed but where its absence is the point.
@Suite("What explains how servers are connected to")
struct ConnectionTests {
    @Test("Each setting has a line of its own, with who said it, under the servers that it is in force for")
    func lines() throws {
        let long = String(repeating: "a", count: 250)
        let section = """
            {
              path: 'a', address: ['https://a.test', 'http://b.test', 'https://127.0.0.1:1', 'unix:///run/bao.sock'],
              caCert: '/own/\(long).pem', proxy: 'http://proxy.test:1', noProxy: ['b.test'],
            }
            """
        let variables = ["BAO_CLIENT_CERT": "/own/client.pem", "VAULT_TLS_SERVER_NAME": "bao.test"]
        let explanation = try resolver(section, variables).explain(service: "openai")
        let trust = "    trusts the authorities in /own/\(long).pem ('caCert')"
        let own =
            ["    expects a certificate for bao.test (VAULT_TLS_SERVER_NAME)"]
            + ["    shows the client certificate /own/client.pem (BAO_CLIENT_CERT)"]
        let lines = explanation.description.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.contains("asks https://a.test") })
        let indent = String(lines[first].prefix { $0 == " " })
        let expected =
            ["asks https://a.test"] + [trust] + own + ["    through the proxy proxy.test:1 ('proxy')"]
            + ["asks http://b.test"] + ["asks https://127.0.0.1:1"] + [trust] + own + ["asks unix:///run/bao.sock"]
        for (line, words) in zip(lines[first...], expected) {
            let isWhole = words.hasPrefix(" ")
            let text = isWhole ? String(indent.dropLast(2)) + words : indent + words
            #expect(isWhole ? line == text : line.hasPrefix(text), "\(explanation)")
        }
    }

    @Test("What a file says of certificates isn't overruled by BAO_SKIP_VERIFY", arguments: Unchecked.all)
    func skipVerify(_ row: Unchecked) throws {
        let explanation = try resolver("{path: 'a', \(row.section)}", row.variables).explain(service: "openai")
        let warnings = explanation.warnings.filter { $0.contains("certificate goes unchecked") }
        #expect(warnings.count == (row.source == nil ? 0 : 1), "\(explanation.warnings)")
        #expect(explanation.description.contains("accepts ANY certificate") == (row.source != nil))
        if let source = row.source { #expect(warnings.allSatisfy { $0.contains("(\(source))") }, "\(warnings)") }
    }

    @Test("A socket on which nobody listens is named as one")
    func socket() async throws {
        let resolver = try resolver("{path: 'a', address: 'unix:///nonexistent/s'}", ["BAO_TOKEN": "s.leak"])
        let error = try #require(await resolver.failure("openai"))
        #expect(error.code == .unavailable && error.remedy.contains("path of the socket"), "\(error)")
    }

    private func resolver(_ section: String, _ variables: [String: String]) throws -> KeyResolver {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(unique("connection") + ".json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("{plugins: {openbao: \(section)}}".utf8).write(to: file)
        let registry = HookRegistry()
        let configuration = try #require(try OpenBaoConfiguration(KeyConfiguration.read(from: file.path)))
        let plugin = try OpenBaoPlugin(configuration, environment: variables)
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: [:])
    }
}

/// A section, variables, and who lets certificates go unchecked.
struct Unchecked: Sendable, CustomTestStringConvertible {
    let section: String
    var variables = ["BAO_SKIP_VERIFY": "1"]
    let source: String?

    var testDescription: String { section }

    static let all = [
        Unchecked(section: "address: 'https://a.test'", source: "BAO_SKIP_VERIFY"),
        Unchecked(section: "address: 'https://a.test', skipVerify: true", source: "'skipVerify'"),
        Unchecked(section: "address: 'https://a.test', skipVerify: false", source: nil),
        Unchecked(section: "address: 'https://a.test', caCert: '/own/ca.pem'", source: nil),
        Unchecked(section: "address: 'https://a.test', caPath: '/own/cas'", source: nil),
        Unchecked(section: "address: 'http://a.test'", source: nil),
        Unchecked(
            section: "address: 'https://a.test', skipVerify: false",
            variables: ["VAULT_SKIP_VERIFY": "true"],
            source: nil
        ),
    ]
}
