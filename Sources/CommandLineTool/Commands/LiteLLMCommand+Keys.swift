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
                of a machine: of everybody who has keys of that role at this proxy. For more than one it asks at a \
                terminal, and wants --yes elsewhere. Keys that are already gone count as taken away. A program that asks \
                KeyHooks for its key gets another one; to keep a role from that, take it out of the configuration.

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
            // Names that look like keys and aren't of this kind are looked up first.
            if keys.contains(where: { $0.hasPrefix("sk-") && PastedKey.isIn($0) }) { throw Self.pasted }
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
            if found.count > 1, !yes { try agree(to: found, at: administration.server) }
            if keys.isEmpty, found.isEmpty { StandardError.write("there is no such key at \(administration.server)") }
            for name in missing { StandardError.write("not there: \(Self.shown(name))") }
            var (count, failure) = await administration.takeAway(found)
            var left = found.count - count
            if keys.isEmpty, failure == nil { (count, left, failure) = try await takeRest(count, by: administration) }
            if let failure { StandardError.write("error: \(failure)") }
            try StandardOutput.write(
                RevokeReport(takenAway: count, notThere: missing.count, failed: left),
                asJSON: options.json,
                text: "taken away: \(count)\n" + (missing.isEmpty ? "" : "not there: \(missing.count)\n")
                    + (left > 0 ? "failed: \(left)\n" : "")
            )
            if let failure { throw ExitStatus.of(failure) }
            if left > 0 {
                StandardError.write(
                    "error: more of these keys are there by now: programs ask for new ones. Take the role out of their "
                        + "configuration, and try again"
                )
                throw ExitStatus.failed
            }
        }

        private func agree(to found: [ListedKey], at server: String) throws {
            let hosts = Set(found.compactMap(\.host)).count
            let what = "\(found.count) keys\(hosts == 0 ? "" : " of \(hosts) host\(hosts == 1 ? "" : "s")")"
            guard Terminal.isThere else {
                throw ValidationError("\(what) would be taken away at \(server): add --yes if that is meant")
            }
            if Terminal.agrees(to: "Take \(what) away at \(server)?") { return }
            StandardError.write("nothing was taken away")
            throw ExitStatus.failed
        }

        /// Looks again: keys that go meanwhile move the pages of the list, so that some aren't seen.
        ///
        /// - Returns: How many were taken away in all, how many are there still, and why.
        private func takeRest(
            _ first: Int,
            by administration: LiteLLMAdministration
        ) async throws -> (count: Int, left: Int, failure: KeyResolutionError?) {
            var count = first
            guard count > 0 else { return (0, 0, nil) }
            for _ in 0..<Self.rounds {
                let adminKey = try administration.adminKeyHash()
                let rest = try await administration.list()
                    .filter { $0.isOwn && $0.matches(role: role, host: host) && $0.hash != adminKey }
                if rest.isEmpty { return (count, 0, nil) }
                let (more, failure) = await administration.takeAway(rest)
                count += more
                if let failure { return (count, rest.count - more, failure) }
            }
            let left = try await administration.list().count { $0.isOwn && $0.matches(role: role, host: host) }
            return (count, left, nil)
        }

        /// How often it looks again for keys that slipped through.
        private static let rounds = 3

        /// The keys that are meant, and the names that no key has.
        private func select(from all: [ListedKey]) throws -> (found: [ListedKey], missing: [String]) {
            guard !keys.isEmpty else { return (all.filter { $0.isOwn && $0.matches(role: role, host: host) }, []) }
            var (found, missing): ([ListedKey], [String]) = ([], [])
            for name in keys {
                let named = all.named(name)
                if named.count > 1 { throw Self.ambiguous(name, named) }
                if let key = named.first {
                    if !found.contains(key) { found.append(key) }
                } else if PastedKey.isIn(name), !name.allSatisfy(\.isHexDigit) {
                    throw Self.pasted
                } else {
                    missing.append(name)
                }
            }
            return (found, missing)
        }

        private static var pasted: ValidationError {
            ValidationError(
                "what was given looks like a key: name its alias or its hash, as 'keyhooks litellm list' shows them"
            )
        }

        private static func ambiguous(_ name: String, _ named: [ListedKey]) -> ValidationError {
            let hashes = named.prefix(4).map { "\($0.hash.prefix(16))…" }.joined(separator: ", ")
            let areAliases = named.map { $0.alias == name }
            let why =
                if !areAliases.contains(true) { "begins several hashes" } else if areAliases.contains(false) {
                    "is the alias of one key, and begins the hash of another"
                } else { "is the alias of several keys" }
            return ValidationError("'\(shown(name))' \(why): name the hash, or more of it: \(hashes)")
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
