#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import LiteLLM

extension LiteLLMCommand {
    /// Has a key made and hands it over.
    struct Issue: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "issue",
            abstract: "Have a key made for a role, and hand it over.",
            discussion: """
                The key goes to standard output with --value, or into a file with --to; nothing is made without either. \
                What it is called and when it ends is on standard error, or in the JSON. It is in 'keyhooks leases list' \
                until it ends, and 'keyhooks leases revoke' takes it away, as 'keyhooks litellm revoke' does. It isn't \
                renewed. If it can't be written it is taken away again. The key of a static role is everybody's, and isn't in that list.

                Example: key=$(keyhooks litellm issue agents --tenant acme --value) || exit
                Example: keyhooks litellm issue agents --to key.txt
                """
        )

        @Argument(help: ArgumentHelp("The role, as 'keyhooks litellm roles' lists it.", valueName: "role"))
        var role: String

        @Flag(help: "Print the key on standard output.")
        var value = false

        @Option(help: ArgumentHelp("Write the key to this new file, for you alone.", valueName: "file"))
        var to: String?

        @Flag(help: "Replace the file that --to names.")
        var force = false

        @OptionGroup var options: ConfigurationOptions

        @OptionGroup var scopes: ScopeOptions

        func validate() throws {
            guard value || to != nil else {
                throw ValidationError(
                    "say where the key is to go: --value prints it, --to FILE writes it to a file; no key was made"
                )
            }
            if value, to != nil { throw ValidationError("--value and --to are two places for one key: leave one out") }
            if force, to == nil { throw ValidationError("--force is for the file that --to names") }
        }

        func run() async throws {
            let administration = try options.administrationOfLiteLLM()
            // Before a key is made that could go nowhere.
            if let to { try checkPlace(to) }
            var unreported: (any Error)?
            try await administration.issue(role: role, scope: scopes.scope) { issued, leave in
                // What can't be written is taken away again.
                if let to { try write(issued.key.value, to: to) }
                // Before it is printed: a crash must not have the next process take back what somebody has.
                leave()
                do {
                    try report(issued)
                } catch  where to != nil {
                    // The file has it.
                    unreported = error
                }
            }
            if let unreported { throw unreported }
        }

        private func report(_ issued: IssuedKey) throws {
            let report = IssueReport(role: role, issued, value: value ? issued.key.value : nil, file: to)
            if options.json { return try StandardOutput.write(json: report) }
            StandardError.write(report.text)
            if value { try StandardOutput.write(exactly: issued.key.value + "\n") }
        }

        private func checkPlace(_ path: String) throws {
            let shown = FileFault.shown(path)
            if PastedKey.isIn(path) { throw ValidationError("--to names a file, and what was given looks like a key") }
            guard let status = try? FileStatus(of: path) else {
                let folder = FilePath(path).folder.text
                guard (try? FileStatus(of: folder, followsLinks: true))?.kind == .folder else {
                    throw ValidationError("the folder of \(shown) isn't there: make it, or name another file")
                }
                return
            }
            guard force else { throw ValidationError("\(shown) is there already: name another file, or add --force") }
            guard status.kind == .file || status.kind == .link else {
                throw ValidationError("\(shown) isn't a file: name another one")
            }
        }

        private func write(_ value: String, to path: String) throws(KeyResolutionError) {
            let bytes = Array("\(value)\n".utf8)
            do {
                if force { try FileSystem.replace(path, with: bytes) } else { try FileSystem.create(path, with: bytes) }
            } catch {
                throw KeyResolutionError(
                    .unavailable,
                    "\(FileFault.shown(path)) can't be written: \(error.text)",
                    remedy: "see who may write to its folder"
                )
            }
        }
    }
}

/// The report of a key that was issued; it holds the key where that was asked for.
private struct IssueReport: Encodable {
    let role: String
    let alias: String?
    let hash: String
    let expiresAt: Date?
    let server: String
    let value: String?
    let file: String?

    init(role: String, _ issued: IssuedKey, value: String?, file: String?) {
        self.role = role
        (alias, hash, expiresAt, server) = (issued.alias, issued.hash, issued.expiresAt, issued.server)
        self.value = value
        self.file = file
    }

    var text: String {
        let place = file.map { ", in \(FileFault.shown($0))" } ?? ""
        return
            "issued: \(displayText(alias ?? role, limit: 256)), \(hash.prefix(12))…, \(LiteLLMWords.end(expiresAt))\(place)"
    }
}
#endif
