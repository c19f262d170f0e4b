#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import LiteLLM
import ServerSettings

/// What operators of a LiteLLM proxy ask of a configuration.
struct LiteLLMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "litellm",
        abstract: "Check the way to a LiteLLM proxy, and look after its virtual keys.",
        discussion: """
            For the section 'litellm' under 'plugins'. No command prints a key but 'issue --value'.

            Exit status: 0 all is well, also where 'revoke' finds that the keys are already gone, 2 something failed or can't be known, 3 the proxy denied it, 64 wrong usage, \
            78 wrong configuration, or none with LiteLLM in it.
            """,
        subcommands: [
            Check.self, Roles.self, Issue.self, List.self, Revoke.self, Rotate.self, RotateAdminKey.self,
        ]
    )

    /// Looks for what would fail.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say what would fail when keys are asked of LiteLLM, and what to do; makes no key.",
            discussion: """
                Looks whether the proxy is ready and has its database, whether it accepts the admin key and lets it manage \
                keys, and whether it knows the models, teams and users of the roles. For a static role it sends a request \
                that can't succeed, to see whether the proxy takes keys that it didn't make. A line with '-' is a remark.

                Example: keyhooks litellm check
                """
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let context = try options.contextOfLiteLLM()
            try await LiteLLMPlugin.check(in: context).show(asJSON: options.json)
        }
    }

    /// Shows the roles.
    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "roles",
            abstract: "List the configured roles: their models, limits and budget, and how long their keys last.",
            discussion: """
                Asks no server. A '*' is before the role that answers for the service litellm.

                Example: keyhooks litellm roles --json
                """
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let configuration = try options.administrationOfLiteLLM().configuration
            let roles = configuration.roles.sorted { $0.key < $1.key }
                .map { RoleReport($0.key, $0.value, answers: configuration.role ?? configuration.roles.keys.first) }
            try StandardOutput.write(roles, asJSON: options.json, text: RoleReport.text(roles))
        }
    }
}

extension ConfigurationOptions {
    /// The configuration and the environment that LiteLLM is asked by.
    fileprivate func contextOfLiteLLM() throws(KeyResolutionError) -> PluginContext {
        let context = try makeContext()
        try requirePlugins("LiteLLM", in: context.environment)
        return context
    }

    /// What is done at the proxy.
    func administrationOfLiteLLM() throws(KeyResolutionError) -> LiteLLMAdministration {
        try LiteLLMAdministration(in: try contextOfLiteLLM())
    }
}

/// A role as it is listed.
private struct RoleReport: Encodable {
    let name: String
    let answers: Bool
    let models: [String]
    let aliases: [String: String]
    let maxBudget: Double?
    let softBudget: Double?
    let budgetDuration: String?
    let tpmLimit: Int?
    let rpmLimit: Int?
    let maxParallelRequests: Int?
    let tags: [String]
    let guardrails: [String]
    let userID: String?
    let teamID: String?
    let organizationID: String?
    let alias: String?

    /// The names of what else is asked for.
    let request: [String]

    /// In seconds; nil for a static role.
    let duration: Double?
    let maximum: Double?

    /// In seconds; nil for a role that isn't static.
    let `static`: Double?

    init(_ name: String, _ role: VirtualKeyRole, answers: String?) {
        self.name = name
        self.answers = answers == name
        (models, aliases, tags, guardrails) = (role.models, role.aliases, role.tags, role.guardrails)
        (maxBudget, softBudget, budgetDuration) = (role.maxBudget, role.softBudget, role.budgetDuration)
        (tpmLimit, rpmLimit, maxParallelRequests) = (role.tpmLimit, role.rpmLimit, role.maxParallelRequests)
        (userID, teamID, organizationID, alias) = (role.userID, role.teamID, role.organizationID, role.alias)
        request = role.request.keys.sorted()
        let isStatic = role.staticPeriod != nil
        duration = isStatic ? nil : role.duration / .seconds(1)
        maximum = isStatic ? nil : role.maximum / .seconds(1)
        `static` = role.staticPeriod.map { $0 / .seconds(1) }
    }

    private var life: String {
        func words(_ seconds: Double?) -> String { VirtualKeyRole.words(.seconds(seconds ?? 0)) }
        if `static` != nil { return "static, another each \(words(`static`))" }
        return "\(words(duration)), up to \(words(maximum))"
    }

    private var limits: String {
        var words: [String] = []
        if let maxBudget {
            words.append("\(LiteLLMWords.money(maxBudget))\(budgetDuration.map { " each \($0)" } ?? "")")
        }
        if let tpmLimit { words.append("\(tpmLimit) tokens/min") }
        if let rpmLimit { words.append("\(rpmLimit) requests/min") }
        if let maxParallelRequests { words.append("\(maxParallelRequests) at a time") }
        return words.isEmpty ? "no limit" : words.joined(separator: ", ")
    }

    private var shownModels: String {
        models.isEmpty ? "all models" : models.map { displayText($0, limit: 128) }.joined(separator: ", ")
    }

    private var owners: String {
        [("user", userID), ("team", teamID), ("organisation", organizationID)]
            .compactMap { kind, id in id.map { "\(kind) \(displayText($0, limit: 128))" } }.joined(separator: ", ")
    }

    static func text(_ roles: [RoleReport]) -> String {
        var table = TextTable()
        for role in roles {
            table.add(
                role.answers ? "*" : "",
                displayText(role.name),
                role.life,
                role.limits,
                [role.shownModels, role.owners].filter { !$0.isEmpty }.joined(separator: "; ")
            )
        }
        return table.text
    }
}

/// How the commands about LiteLLM write amounts.
enum LiteLLMWords {
    /// US dollars, to a hundredth of a cent.
    static func money(_ amount: Double) -> String {
        guard abs(amount) < 1e12 else { return "$\(amount)" }
        let signed = Int((amount * 10_000).rounded())
        let (parts, sign) = (abs(signed), signed < 0 ? "-" : "")
        let (whole, rest) = (parts / 10_000, String(parts % 10_000 + 10_000).dropFirst())
        return "\(sign)$\(whole).\(rest.hasSuffix("00") ? String(rest.prefix(2)) : String(rest))"
    }

    /// What is left of a time.
    static func end(_ date: Date?) -> String {
        guard let date else { return "never ends" }
        let left = Int(min(max(date.timeIntervalSinceNow, -1e9), 1e12))
        switch left {
        case ...0: return "has ended"
        case (2 * 86_400)...: return "ends in \(left / 86_400) days"
        case (2 * 3600)...: return "ends in \(left / 3600) hours"
        case 120...: return "ends in \(left / 60) minutes"
        default: return "ends in \(left) s"
        }
    }
}
#endif
