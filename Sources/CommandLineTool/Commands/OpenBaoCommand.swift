#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation
import OpenBao

/// What operators of OpenBao ask of a configuration.
struct OpenBaoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openbao",
        abstract: "Check the way to OpenBao, and print the policy that its token needs.",
        discussion: """
            For the section 'openbao' under 'plugins', and for every section of the kind 'openbao' under 'managers'.

            Exit status: 0 all is well, 2 something failed or can't be known, 3 the token lacks something, 64 wrong usage, \
            78 wrong configuration, or none with OpenBao in it.
            """,
        subcommands: [Check.self, Policy.self]
    )

    /// Looks for what would fail.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say what would fail when keys are asked of OpenBao, and what to do; reads no secret.",
            discussion: """
                Looks at the health of each server, looks the token up, and asks what it may do on the paths of the keys \
                that are configured, or of the services named. Reads no secret and writes none. Where a login is \
                configured, it logs in, and revokes the token again. With a token of limited uses it asks nothing but \
                that: finding out takes one use.

                Example: keyhooks openbao check openai --profile prod
                """
        )

        @Argument(help: ArgumentHelp("The services; without any, those under 'providers'.", valueName: "service"))
        var services: [String] = []

        @Flag(help: "Also what writing, rotating, deleting and listing secrets needs.")
        var write = false

        @OptionGroup var options: ConfigurationOptions

        @OptionGroup var scopes: ScopeOptions

        func run() async throws {
            let context = try options.makeContext()
            try options.requirePlugins("OpenBao", in: context.environment)
            let catalogue = try context.configuration.catalogue()
            var wanted = OpenBaoPlugin.CheckOptions()
            wanted.services = try catalogue.services(typed: services)
            wanted.scope = scopes.scope
            wanted.isWriting = write
            let findings = try await OpenBaoPlugin.check(in: context, wanted)
            if findings.isEmpty { throw Self.nothing }
            try findings.show(asJSON: options.json)
        }
    }

    /// Prints the least that a token must be allowed.
    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "policy",
            abstract: "Print the policy with the least that KeyHooks needs in OpenBao.",
            discussion: """
                Asks no server. Parts of a path that a request fills in become '+'; where a policy can't say it as exactly \
                as the configuration, a comment says so. If the configuration uses several tokens, it prints a policy for \
                each, one after another.

                Example: keyhooks openbao policy | bao policy write keyhooks -
                """
        )

        @Flag(help: "Also what writing, rotating, deleting and listing secrets needs.")
        var write = false

        @Option(help: ArgumentHelp("The version of the KV engine, 1 or 2.", valueName: "version"))
        var kv: Int?

        @OptionGroup var options: ConfigurationOptions

        func validate() throws {
            guard kv.map({ KVVersion(rawValue: $0) != nil }) ?? true else { throw ValidationError("--kv is 1 or 2") }
        }

        func run() async throws {
            let context = try options.makeContext()
            let version = kv.flatMap { KVVersion(rawValue: $0) }
            let policies = try OpenBaoPlugin.policies(in: context, writing: write, version)
            if policies.isEmpty { throw OpenBaoCommand.nothing }
            if policies.count > 1 {
                StandardError.write(
                    "the configuration uses \(policies.count) tokens, each of which needs one of these policies: see their "
                        + "first lines"
                )
            }
            let text = policies.map(\.text).joined(separator: "\n")
            try StandardOutput.write(policies, asJSON: options.json, text: text)
            // Nobody should take it for one that does.
            for problem in policies.flatMap(\.problems) { StandardError.write("error: \(problem)") }
            if policies.contains(where: { !$0.problems.isEmpty }) { throw ExitStatus.configuration }
        }
    }

    fileprivate static var nothing: KeyResolutionError {
        .invalidConfiguration(
            "the configuration has nothing to do with OpenBao",
            remedy: "write a section 'openbao' under 'plugins', or a manager of the kind 'openbao' under 'managers'"
        )
    }
}

extension OpenBaoCommand.Check {
    fileprivate static var nothing: KeyResolutionError { OpenBaoCommand.nothing }
}
#endif
