import ExtensionHooks
import Foundation
import HTTPTransport
import KeyHooks
import OpenBaoTestSupport
import Testing

@testable import OpenBao

@Suite("Files with tokens")
struct TokenFileTests {
    @Test("White space at the ends of a file does not count", arguments: ["", "\n", "\r\n", "\n\n", " \t\n"])
    func ends(_ end: String) async throws {
        for text in ["s.file\(end)", "\(end)s.file"] {
            #expect(try await token("token", text) { .file($0) } == "s.file")
        }
    }

    @Test(
        "A byte order mark and quotes around a token are cut, in files and in variables",
        arguments: [
            "\u{FEFF}s.file\n", "\"s.file\"\n", "'s.file'", " \"s.file\" \r\n", "`s.file`", "\u{FEFF}\"s.file\"",
        ]
    )
    func surrounded(_ text: String) async throws {
        #expect(try await token("token", text) { .file($0) } == "s.file")
        #expect(try await token(".vault-token", text) == "s.file")
        #expect(try await token("unused", "s.no", ["BAO_TOKEN": text]) == "s.file")
        #expect(try await token("unused", "s.no", ["OWN": text]) { _ in .environment("OWN") } == "s.file")
    }

    @Test("What cannot be a token is named with its cause", arguments: Unfit.all)
    func causes(_ text: String, _ cause: String) async throws {
        for file in [TokenFile.named, .ambient] {
            let error = try await failure(file) { try Data(text.utf8).write(to: $0) }
            #expect(error.message.hasSuffix("/.vault-token \(cause)"), "\(error)")
        }
    }

    @Test("A token's file in the home folder that cannot be read is no missing one", arguments: Unreadable.allCases)
    func unreadable(_ kind: Unreadable) async throws {
        let error = try await failure(.ambient, kind.make)
        #expect(!error.message.contains("there is no token"), "\(error)")
        #expect(
            error.message.contains("/.vault-token, where OpenBao's tools keep the token, \(kind.words)"),
            "\(error)"
        )
    }

    @Test("A file that BAO_TOKEN_PATH names must be there")
    func namedByVariable() async throws {
        let transport = FaultyVault { _ in .secret("sk-1") }.transport
        let environment = ["HOME": "/nonexistent", "VAULT_TOKEN_PATH": "/nonexistent/token"]
        let error = try #require(await resolver(transport, environment) { _ in }.failure("openai"))
        #expect(error.message.contains("/nonexistent/token, which VAULT_TOKEN_PATH names, does not exist"), "\(error)")
    }

    @Test(
        "A token in the place of its file's path is not repeated",
        arguments: [
            "hvs.secretsecretsecret1", "hunter2", "hvs.secret", "s.secretsecretsecret4711secr", "secret",
        ]
    )
    func tokenAsPath(secret: String) async throws {
        let transport = FaultyVault { _ in .secret("sk-1") }.transport
        for name in ["BAO_TOKEN_PATH", "VAULT_TOKEN_PATH"] {
            let environment = ["HOME": "/nonexistent", name: secret]
            let error = try #require(await resolver(transport, environment) { _ in }.failure("openai"))
            #expect(!"\(error)\(error.remedy)".contains(secret), "\(error)")
            #expect(
                error.message.hasSuffix(
                    "a value that isn't plainly a path (\(secret.count) characters), which \(name) names, does not exist"
                ),
                "\(error)"
            )
            #expect(error.remedy.hasSuffix("may be read; a token belongs inside it"), "\(error)")
        }
        guard secret.count > 20 else { return }
        let error = try #require(
            await resolver(transport, ["HOME": "/nonexistent"]) { $0.token = .file(secret) }.failure("openai")
        )
        #expect(!"\(error)\(error.remedy)".contains(secret) && error.message.contains("/…, which should"), "\(error)")
    }

    @Test("Where there is no token, the ways out are named")
    func none() async throws {
        try await withHome { home in
            let url = home.appendingPathComponent(".bao-token")
            try Data("s.leak".utf8).write(to: url)
            let transport = FaultyVault { _ in .secret("sk-1") }.transport
            let error = try #require(
                await resolver(transport, ["HOME": home.path]) { $0.settings.fallback = .unavailable }.failure("openai")
            )
            #expect(error.code == .unauthenticated)
            #expect(
                error.message.contains("BAO_TOKEN is not set, and there is no \(home.path)/.vault-token"),
                "\(error)"
            )
            #expect(error.message.hasSuffix("/.bao-token is there and is not read"), "\(error)")
            for way in [
                "set BAO_TOKEN", "'token'", "'login'", "'fallback' does not", "--no-plugins", "KEYHOOKS_NO_PLUGINS=1",
                "\"plugins\": []",
            ] {
                #expect(error.remedy.contains(way), "\(error)")
            }
            #expect(!"\(error)".contains("leak"))
        }
    }

    @Test("The token of OpenBao's own tools is in ~/.vault-token, or where BAO_TOKEN_PATH says")
    func ambient() async throws {
        #expect(try await token(".vault-token", "s.home\n") == "s.home")
        for name in ["BAO_TOKEN_PATH", "VAULT_TOKEN_PATH"] {
            #expect(try await token("elsewhere", "s.elsewhere", path: name) == "s.elsewhere")
        }
    }

    @Test(
        "A home that depends on the working directory is none, since anybody's token may lie there",
        arguments: [
            "", ".", "home",
        ]
    )
    func relativeHome(home: String) {
        #expect(BaoEnvironment(["HOME": home]).home?.hasPrefix("/") ?? true)
        #expect(BaoEnvironment(["HOME": "/home/x"]).home == "/home/x")
    }

    @Test("A file may be named from the home folder")
    func home() async throws {
        #expect(try await token("token", "s.home") { _ in .file("~/token") } == "s.home")
    }

    @Test("A BAO_TOKEN that is set to nothing leaves the file")
    func emptied() async throws {
        let environment = ["BAO_TOKEN": "", "VAULT_TOKEN": "s.hidden"]
        #expect(try await token(".vault-token", "s.file", environment) == "s.file")
    }

    @Test(
        "A file that holds no token is reported with its path, and none of it",
        arguments: [TokenFile.named, .ambient]
    )
    func unfit(_ file: TokenFile) async throws {
        let texts = ["", "\n", "s.leak\nX-Leak: 1", "s leak", "s.leäk", "leak\u{0}", "{\"token\": \"leak\"}"]
        for text in texts {
            try await expectFailure(file, { try Data(text.utf8).write(to: $0) })
        }
    }

    @Test("What is no small file is reported with its path, and never read whole")
    func notAFile() async throws {
        let makers: [(URL) throws -> Void] = [
            { _ in },
            { try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: false) },
            { try Data(repeating: UInt8(ascii: "a"), count: 1 << 16 + 1).write(to: $0) },
            { try #require(mkfifo($0.path, 0o600) == 0) },
            { try FileManager.default.createSymbolicLink(atPath: $0.path, withDestinationPath: "/dev/zero") },
        ]
        for make in makers { try await expectFailure(.named, make) }
    }

    private func expectFailure(_ file: TokenFile, _ make: (URL) throws -> Void) async throws {
        _ = try await failure(file, make)
    }

    private func failure(_ file: TokenFile, _ make: (URL) throws -> Void) async throws -> KeyResolutionError {
        try await withHome { home in
            let url = home.appendingPathComponent(".vault-token")
            try make(url)
            let vault = FaultyVault { _ in .secret("sk-1") }
            let resolver = try resolver(vault.transport, ["HOME": home.path]) {
                $0.token = file == .named ? .file(url.path) : nil
                $0.settings.fallback = .unavailable
            }
            let error = try #require(await resolver.failure("openai"))
            #expect(error.code == .unauthenticated, "\(error)")
            #expect(error.message.contains(url.path), "\(error)")
            #expect(!error.description.contains("leak") && !error.description.contains("leäk"))
            #expect(vault.transport.requests.isEmpty)
            return error
        }
    }

    /// The token that is sent when a file in the home folder holds a text.
    private func token(
        _ name: String,
        _ text: String,
        _ environment: [String: String] = [:],
        path variable: String? = nil,
        _ reference: (_ path: String) -> SecretReference? = { _ in nil }
    ) async throws -> String? {
        try await withHome { home in
            let url = home.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            var environment = environment.merging(["HOME": home.path]) { $1 }
            if let variable { environment[variable] = url.path }
            let vault = FaultyVault { _ in .secret("sk-1") }
            let resolver = try resolver(vault.transport, environment) { $0.token = reference(url.path) }
            #expect(try await resolver.value("openai") == "sk-1")
            return vault.transport.requests.first?.headers["X-Vault-Token"]
        }
    }

    private func resolver(
        _ transport: FakeTransport,
        _ environment: [String: String],
        _ change: (inout OpenBaoConfiguration) -> Void
    ) throws -> KeyResolver {
        var configuration = OpenBaoConfiguration(path: "ai")
        // Nobody is to wait for; a busy machine is no slow server.
        configuration.settings.timeout = .seconds(120)
        change(&configuration)
        let registry = HookRegistry()
        let plugin = try OpenBaoPlugin(configuration, environment: environment, transport: transport)
        try registry.register { plugin.register(in: &$0) }
        return try KeyResolver(registry: registry, environment: ["OPENAI_API_KEY": "sk-environment"])
    }

    private func withHome<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent(unique("home"))
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: home) }
        return try await body(home)
    }
}

enum TokenFile: Sendable {
    case named, ambient
}

/// Texts in the place of a token, and what is said of them.
private enum Unfit {
    static let all = [
        ("", "is empty"), (" \n", "is empty"), ("\"\"", "is empty"), ("s.leak\ns.leak2\n", "has more than one line"),
        ("s.leak token", "has a blank at position 7"),
        ("s.le\u{E4}k", "has a character that no credential has (U+00E4) at position 5"),
        ("s.leak\u{0}", "has a character that no credential has (U+0000) at position 7"),
        ("Bearer s.leak", "begins with 'Bearer'"),
        ("${VAULT_LEAK}", "holds a reference (${…}) that something else should have resolved"),
        ("op://leak/token", "holds a reference (op://…) that something else should have resolved"),
        ("{\"token\":\"leak\"}", "holds a JSON text"),
    ]
}

/// Files that even root cannot read.
enum Unreadable: CaseIterable, Sendable {
    case folder, loop, nowhere

    var words: String {
        switch self {
        case .folder: "is a directory"
        case .loop: "leads nowhere: it is a link that leads back to itself"
        case .nowhere: "leads nowhere"
        }
    }

    var make: (URL) throws -> Void {
        { url in
            switch self {
            case .folder: try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
            case .loop:
                try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: ".vault-token")
            case .nowhere: try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: "nowhere")
            }
        }
    }
}
