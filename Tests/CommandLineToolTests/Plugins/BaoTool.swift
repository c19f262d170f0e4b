#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// The tool in a folder whose configuration names a real OpenBao.
struct BaoTool {
    let tool: Tool
    let server: BaoServer
    let admin: BaoAdmin
    let mount: String

    /// What must not be seen anywhere but where it was asked for.
    static let key = "sk-vault-4f8a1"

    /// Settings are what is said beside address, mount and token.
    func configure(_ settings: String = "path: 'ai/providers'", address: String? = nil) throws {
        let text = """
            {plugins: {openbao: {
                address: '\(address ?? server.address)', mount: '\(mount)', token: 'env:TEST_TOKEN',
                \(settings)
            }}}
            """
        try tool.write("keyhooks.json", text)
    }

    /// Runs the tool with the token in the variable that the configuration names.
    func run(_ arguments: [String], token: String? = nil, environment: [String: String] = [:]) async throws -> Tool.Run
    {
        let own = ["TEST_TOKEN": token ?? server.rootToken]
        return try await tool.run(arguments, environment: environment.merging(own) { $1 })
    }

    /// A token that may read what the pattern covers.
    func token(reading pattern: String) async throws -> String {
        let policy = unique("policy")
        try await admin.createPolicy(policy, #"path "\#(mount)/data/\#(pattern)" { capabilities = ["read"] }"#)
        return try await admin.createToken(policies: [policy])
    }

    /// A file that holds the token.
    func tokenFile() throws -> String { try tool.write("token", server.rootToken + "\n") }
}

/// Gives a tool that is configured for a mount of its own, with a key for "openai" in it.
func withBaoTool<Result>(_ own: BaoServer? = nil, _ body: (BaoTool) async throws -> Result) async throws -> Result {
    let server: BaoServer
    if let own { server = own } else { server = try await BaoServer.shared }
    let admin = BaoAdmin(server)
    let mount = unique("kv")
    try await admin.mountKV2(mount)
    let fields: [String: any Sendable] = [
        "OPENAI_API_KEY": BaoTool.key, "AWS_REGION": "eu-vault", "nested": ["key": BaoTool.key],
    ]
    try await admin.put(mount, "ai/providers", fields)
    return try await withTool { tool in
        let tool = BaoTool(tool: tool, server: server, admin: admin, mount: mount)
        try tool.configure()
        return try await body(tool)
    }
}

/// Expects that neither the key nor a token is in what a run said, but for the key where it was asked for.
func expectNoSecret(in run: Tool.Run, _ tokens: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    for secret in tokens + [BaoTool.key, "sk-environment"] {
        #expect(!run.errors.contains(secret), "standard error has it", sourceLocation: sourceLocation)
        if run.status != 0 {
            #expect(!run.text.contains(secret), "standard output has it", sourceLocation: sourceLocation)
        }
    }
    for token in tokens { #expect(!run.text.contains(token), sourceLocation: sourceLocation) }
}
#endif
