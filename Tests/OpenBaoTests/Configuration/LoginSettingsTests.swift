import Foundation
import KeyHooks
import OpenBao
import OpenBaoTestSupport
import Testing

@Suite("The member 'login' of the section")
struct LoginSettingsTests {
    struct Written: Sendable, CustomTestStringConvertible {
        let text: String
        let login: OpenBaoLogin
        let effect: String
        var testDescription: String { text }
    }

    private static let role = AppRoleCredentials.RoleID.literal("r")

    static let all = [
        Written(
            text: "{token: 'env:T'}",
            login: .token(.environment("T")),
            effect: "what is in the variable T, as a token"
        ),
        Written(
            text: "{appRole: {roleID: 'r', secretID: 'env:S'}, mount: 'machines'}",
            login: OpenBaoLogin.appRole(roleID: role, secretID: .environment("S")).at("machines"),
            effect: "the role id in the file and the secret id of the variable S"
        ),
        Written(
            text: "{appRole: {roleID: 'r', wrappedSecretID: 'file:/w', role: 'reader'}}",
            login: .appRole(roleID: role, wrappedSecretID: .file("/w"), role: "reader"),
            effect: "the wrapping token of the file"
        ),
        Written(
            text:
                "{appRole: {roleID: 'r', wrappedSecretID: 'file:/w', creationPath: 'auth/a/role/b/custom-secret-id'}}",
            login: .appRole(
                roleID: role,
                wrappedSecretID: .file("/w"),
                creationPath: "auth/a/role/b/custom-secret-id"
            ),
            effect: "and the secret id in it"
        ),
        Written(
            text: "{jwt: {role: 'r', token: 'env:J'}, namespace: 'team', next: ['refused', 'unavailable']}",
            login: {
                var login = OpenBaoLogin.jwt(role: "r", token: .environment("J")).next(.refused, .unavailable)
                login.namespace = "team"
                return login
            }(),
            effect: "what is in the variable J, as a JWT for the role"
        ),
        Written(
            text: "{kubernetes: {role: 'r'}}",
            login: .kubernetes(role: "r"),
            effect: "token for the role r"
        ),
        Written(
            text: "{userpass: {user: 'ann', password: 'env:P'}, next: []}",
            login: OpenBaoLogin.userpass(user: "ann", password: .environment("P")).next(),
            effect: "in the variable P"
        ),
        Written(
            text: "{ldap: {user: 'ann', password: 'env:P'}}",
            login: .ldap(user: "ann", password: .environment("P")),
            effect: "the password of"
        ),
        Written(text: "{certificate: {}}", login: .certificate(), effect: "a login by the client certificate"),
        Written(
            text: "{certificate: {role: 'web'}, inline: true}",
            login: OpenBaoLogin.certificate(role: "web").inline,
            effect: "with each request"
        ),
        Written(
            text: "{inline: {jwt: {token: 'env:J'}}, mount: 'm'}",
            login: OpenBaoLogin.jwt(role: nil, token: .environment("J")).at("m").inline,
            effect: "what is in the variable J, as a JWT, with each request"
        ),
    ]

    @Test("Each method is read, alone and in a list", arguments: all)
    func read(_ written: Written) throws {
        #expect(try logins("{path: 'a', login: \(written.text)}") == [written.login])
        let list = "{path: 'a', login: [{token: 'env:X'}, \(written.text)]}"
        #expect(try logins(list) == [.token(.environment("X")), written.login])
    }

    @Test("Whoever decides on trust sees each credential that is sent, and where to", arguments: all)
    func effects(_ written: Written) throws {
        let section = "{path: 'a', address: 'https://bao.test', login: [{token: 'env:X'}, \(written.text)]}"
        let effects = try whole(section) { configuration in
            configuration.plugins.flatMap { OpenBaoPlugin.effects(of: $0, in: configuration) }.map { "\($0)" }
        }
        let sent = effects.filter { $0.contains("sends ") && $0.contains("bao.test") }
        #expect(sent.count == 2, "\(effects)")
        #expect(sent.contains { $0.contains(written.effect) }, "\(sent)")
    }

    @Test("Two logins that differ in anything never look alike")
    func differences() throws {
        let logins = [
            "{appRole: {roleID: 'r', secretID: 'env:S'}}", "{appRole: {roleID: 'other', secretID: 'env:S'}}",
            "{appRole: {roleID: 'r', secretID: 'env:S'}, mount: 'm'}",
            "{appRole: {roleID: 'r', secretID: 'env:S'}, namespace: 'n'}",
            "{appRole: {roleID: 'r', secretID: 'env:S'}, next: 'refused'}",
            "{appRole: {roleID: 'r', wrappedSecretID: 'env:S', role: 'a'}}",
            "{appRole: {roleID: 'r', wrappedSecretID: 'env:S', role: 'b'}}",
            "{appRole: {roleID: 'r', wrappedSecretID: 'env:S', creationPath: 'auth/x/role/a/secret-id'}}",
        ]
        for (before, after) in [("", ""), ("[", "]"), ("[{token: 'env:X'}, ", "]")] {
            let effects = try logins.map { login in
                try whole("{path: 'a', address: 'https://bao.test', login: \(before)\(login)\(after)}") {
                    configuration in
                    configuration.plugins.flatMap { OpenBaoPlugin.effects(of: $0, in: configuration) }.map(\.words)
                }
            }
            #expect(Set(effects).count == logins.count, "\(effects)")
        }
    }

    @Test("A manager of the kind openbao logs in in the same words")
    func manager() async throws {
        let vault = try await Vault()
        try await vault.fill()
        let role = try await vault.role([:])
        let file = try CredentialFile(role.secretID)
        let login = "{appRole: {roleID: '\(role.roleID)', secretID: 'file:\(file.path)'}, mount: '\(role.method)'}"
        let section =
            "{kind: 'openbao', address: '\(vault.server.address)', mount: '\(vault.mount)', login: \(login)}"
        let text = "{managers: {bao: \(section)}, providers: {openai: {source: 'bao', secret: 'ai/providers'}}}"
        let value = try await written(text) { configuration in
            let resolver = try KeyResolver(configuration: configuration, plugins: [OpenBaoPlugin.plugin])
            return try await resolver.value("openai")
        }
        #expect(value == "sk-1")
        #expect(try vault.logins(of: role) == 1)
    }

    private func logins(_ section: String) throws -> [OpenBaoLogin]? {
        try whole(section) { try OpenBaoConfiguration($0)?.logins }
    }

    private func whole<Result>(_ section: String, _ body: (KeyConfiguration) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("configuration"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("keyhooks.json")
        try Data("{plugins: {openbao: \(section)}}".utf8).write(to: file)
        return try body(KeyConfiguration.read(from: file.path))
    }

    private func written<Result>(_ text: String, _ body: (KeyConfiguration) async throws -> Result) async throws
        -> Result
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("configuration"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("keyhooks.json")
        try Data(text.utf8).write(to: file)
        return try await body(KeyConfiguration.read(from: file.path))
    }
}
