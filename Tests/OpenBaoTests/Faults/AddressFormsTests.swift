import Foundation
import HTTPTransport
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

/// The forms in which people write the server's address.
@Suite("Forms of an address")
struct AddressFormsTests {
    @Test(
        "What surrounds an address, and what the plugin adds itself, is cut",
        arguments: [
            "A", "A/", "A//", "A/v1", "A/v1/", "A/ui", "A/ui/", "A/ui/vault/secrets", " A", "A \n", "A\r\n", "\tA",
            "'A'",
            "\"A\"", "`A`", " 'A/v1/' ", "HTTP",
        ]
    )
    func read(_ form: String) async throws {
        let vault = try await Vault()
        try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-1"])
        let address = vault.server.address
        let text =
            form == "HTTP" ? address.replacing("http://", with: "HTTP://") : form.replacing("A", with: address)
        for name in ["BAO_ADDR", "VAULT_ADDR"] {
            let resolver = try vault.resolver(environment: [name: text]) { $0.addresses = nil }
            #expect(try await resolver.value("openai") == "sk-1")
            #expect(try resolver.explain(service: "openai").description.contains("asks \(address) (\(name))"))
        }
        let configured = try vault.resolver { $0.addresses = [text] }
        #expect(try await configured.value("openai") == "sk-1")
    }

    @Test("An IPv6 address works as one of a host does")
    func sixth() async throws {
        let port = try freePort()
        let listeners: (URL) throws -> String = { _ in
            """
            listener "tcp" {
            address = "[::1]:\(port)"
            cluster_address = "127.0.0.1:0"
            tls_disable = true
            }

            """
        }
        try await withServer(listeners: listeners) { server in
            let vault = try await Vault(server)
            try await vault.admin.put(vault.mount, "ai/providers", ["OPENAI_API_KEY": "sk-6"])
            for form in ["http://[::1]:\(port)", " HTTP://[::1]:\(port)/v1/ ", "'http://[0:0:0:0:0:0:0:1]:\(port)'"] {
                let resolver = try vault.resolver(environment: ["BAO_ADDR": form]) { $0.addresses = nil }
                #expect(try await resolver.value("openai") == "sk-6")
            }
        }
    }

    @Test(
        "A path of a gateway stays",
        arguments: ["https://gate.test/bao", "https://gate.test/v1/bao", "https://gate.test/gui"]
    )
    func gateway(_ address: String) async throws {
        let vault = FaultyVault { _ in .secret("sk-1") }
        #expect(try await vault.resolver { $0.addresses = [address + "/"] }.value("openai") == "sk-1")
        #expect(vault.transport.urls == ["\(address)/v1/secret/data/ai/providers"])
    }

    @Test(
        "What cannot be read is named by its variable, with what was probably meant",
        arguments: [
            ("127.0.0.1:8200", "has no http:// or https:// in front", "http://127.0.0.1:8200, or https://"),
            (
                "bao.test:8200", "has no http:// or https:// in front",
                "https://bao.test:8200, or http://bao.test:8200 if"
            ),
            ("//bao.test:8200", "has no http:// or https:// in front", "https://bao.test:8200, or "),
            ("localhost", "has no http:// or https:// in front", "http://localhost, or https://localhost if"),
            ("http//bao.test:8200", "isn't a valid address", "write it as http://bao.test:8200"),
            ("HTTP:/bao.test:8200", "isn't a valid address", "write it as http://bao.test:8200"),
            ("https:leak.test", "isn't a valid address", "write it as https://HOST:PORT"),
            ("http://::1:8200", "has an IPv6 address without brackets", "http://[::1]:8200"),
            ("hvs.leak", "has no http:// or https:// in front", "write https:// in front of it"),
            ("hvs.CAESIJleak:8200", "has no http:// or https:// in front", "write https:// in front of it"),
            ("https:hvs.CAESIJleak:8200", "isn't a valid address", "write it as https://HOST:PORT"),
            ("https://a:leak2:x", "isn't a valid address", "write it as https://HOST:PORT"),
            ("https://a:leak2:8200", "isn't a valid address", "write it as https://HOST:PORT"),
            ("leak2.x:99", "has no http:// or https:// in front", "write https:// in front of it"),
            (
                "https://hvs.CAESIJleak", "has what looks like a token in the place of a host",
                "the token in BAO_TOKEN"
            ),
            (
                "https://hvs.CAESIJleak:8200/v1", "has what looks like a token in the place of a host",
                "write it as https://HOST:PORT"
            ),
            ("${BAO_ADDR}", "isn't a valid address", "https://HOST:PORT"),
            ("https://s.leak@bao.test", "isn't a valid address", "https://HOST:PORT"),
        ]
    )
    func named(_ text: String, _ what: String, _ remedy: String) throws {
        for name in ["BAO_ADDR", "VAULT_ADDR", "BAO_AGENT_ADDR"] {
            let error = try #require(throws: KeyResolutionError.self) {
                try OpenBaoPlugin(OpenBaoConfiguration(path: "ai"), environment: [name: text])
            }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message == "\(name) \(what)", "\(error)")
            #expect(error.remedy.contains(remedy), "\(error)")
            #expect(!"\(error)".contains("leak"))
        }
    }
}
