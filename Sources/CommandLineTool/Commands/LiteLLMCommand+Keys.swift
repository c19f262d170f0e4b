#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import LiteLLM

extension LiteLLMCommand {
    /// Lists the keys at the proxy.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the keys at the proxy that KeyHooks made: for which role and machine, until when.",
            discussion: """
                Shows no key. What this machine has to give back is in 'keyhooks leases list'.

                Example: keyhooks litellm list --role agents
                """
        )

        @Option(help: ArgumentHelp("Only the keys of this role.", valueName: "role"))
        var role: String?

        @Option(help: ArgumentHelp("Only the keys that were made for this machine.", valueName: "host"))
        var host: String?

        @Flag(help: "Also the keys that others made.")
        var all = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if all, role != nil || host != nil {
                throw ValidationError("--all lists keys of others, which have no role or host: leave one out")
            }
        }

        func run() async throws {
            let administration = try options.administrationOfLiteLLM()
            let keys = try await administration.list()
                .filter { all || $0.isOwn && $0.matches(role: role, host: host) }
            if keys.isEmpty { StandardError.write("there is no such key at \(administration.server)") }
            try StandardOutput.write(keys, asJSON: options.json, text: Self.text(keys))
        }

        private static func text(_ keys: [ListedKey]) -> String {
            var table = TextTable()
            for key in keys {
                let spend = LiteLLMWords.money(key.spend ?? 0)
                table.add(
                    key.shownAlias,
                    String(key.hash.prefix(12)),
                    key.role.map { displayText($0) } ?? "(not of KeyHooks)",
                    key.host.map { displayText($0) } ?? "",
                    displayText(key.status),
                    LiteLLMWords.end(key.expiresAt),
                    key.maxBudget.map { "\(spend) of \(LiteLLMWords.money($0))" } ?? spend
                )
            }
            return table.text
        }
    }

    /// Takes keys away.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Take keys away at the proxy, also those that programs use.",
            discussion: """
                Names keys by their aliases or hashes, as 'keyhooks litellm list' shows them, or takes all of a role or \
                of a machine. Asks before it takes more than one if you sit at a terminal, and nowhere else. What isn't \
                there is taken away already. A program that asks KeyHooks for its key gets another one; to keep a role \
                from that, take it out of the configuration.

                Example: keyhooks litellm revoke --role agents --host build-7 --yes
                """
        )

        @Argument(help: ArgumentHelp("The alias, the hash, or the beginning of the hash.", valueName: "key"))
        var keys: [String] = []

        @Option(help: ArgumentHelp("All keys of this role.", valueName: "role"))
        var role: String?

        @Option(help: ArgumentHelp("All keys that were made for this machine.", valueName: "host"))
        var host: String?

        @Flag(help: "Also keys that are named and that others made.")
        var any = false

        @Flag(help: "Don't ask.")
        var yes = false

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            if keys.contains(where: { PastedKey.isIn($0) && !$0.allSatisfy(\.isHexDigit) }) {
                throw ValidationError(
                    "what was given looks like a key: name its alias or its hash, as 'keyhooks litellm list' shows them"
                )
            }
            let isFiltered = role != nil || host != nil
            if keys.isEmpty, !isFiltered {
                throw ValidationError("say which keys: their aliases or hashes, --role or --host")
            }
            if !keys.isEmpty, isFiltered { throw ValidationError("name keys, or say --role or --host: not both") }
            if any, keys.isEmpty { throw ValidationError("--any is for keys that are named") }
        }

        func run() async throws {
            let administration = try options.administrationOfLiteLLM()
            let (found, missing) = try select(from: try await administration.list())
            let adminKey = try administration.adminKeyHash()
            if found.contains(where: { $0.hash == adminKey }) {
                throw ValidationError("one of these is the admin key: keyhooks litellm rotate-admin-key replaces it")
            }
            if let foreign = found.first(where: { !$0.isOwn }), !any {
                throw ValidationError(
                    "KeyHooks didn't make '\(foreign.shownAlias)': add --any to take it away all the same"
                )
            }
            if found.count > 1, !yes, Terminal.isThere,
                !Terminal.agrees(to: "Take \(found.count) keys away at \(administration.server)?")
            {
                StandardError.write("nothing was taken away")
                throw ExitStatus.failed
            }
            if keys.isEmpty, found.isEmpty { StandardError.write("there is no such key at \(administration.server)") }
            for name in missing { StandardError.write("not there: \(Self.shown(name))") }
            let (count, failure) = await administration.takeAway(found)
            if let failure { StandardError.write("error: \(failure)") }
            try StandardOutput.write(
                RevokeReport(takenAway: count, notThere: missing.count, failed: found.count - count),
                asJSON: options.json,
                text: "taken away: \(count)\n" + (missing.isEmpty ? "" : "not there: \(missing.count)\n")
                    + (count < found.count ? "failed: \(found.count - count)\n" : "")
            )
            if let failure { throw ExitStatus.of(failure) }
        }

        /// The keys that are meant, and the names that no key has.
        private func select(from all: [ListedKey]) throws -> (found: [ListedKey], missing: [String]) {
            guard !keys.isEmpty else { return (all.filter { $0.isOwn && $0.matches(role: role, host: host) }, []) }
            var (found, missing): ([ListedKey], [String]) = ([], [])
            for name in keys {
                let named = all.named(name)
                guard named.count <= 1 else {
                    throw ValidationError("'\(Self.shown(name))' begins several hashes: write more of it")
                }
                if let key = named.first {
                    if !found.contains(key) { found.append(key) }
                } else {
                    missing.append(name)
                }
            }
            return (found, missing)
        }

        /// A hash looks like a key.
        private static func shown(_ name: String) -> String {
            name.utf8.count > 12 && name.allSatisfy(\.isHexDigit)
                ? "\(name.prefix(12))…" : displayText(name, limit: 256)
        }
    }
}

/// What became of keys that were to be taken away.
private struct RevokeReport: Encodable {
    let takenAway: Int
    let notThere: Int
    let failed: Int
}

extension ListedKey {
    /// What it is called, for people.
    fileprivate var shownAlias: String { alias.map { displayText($0, limit: 256) } ?? "(no alias)" }

    fileprivate func matches(role: String?, host: String?) -> Bool {
        (role == nil || role == self.role) && (host == nil || host == self.host)
    }
}
#endif
