#if CLI
#if AWS
import AWSSecretsManager
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation

/// What operators of AWS Secrets Manager ask of a configuration.
struct AWSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aws",
        abstract: "Check the way to AWS Secrets Manager, and print the policy that its credentials need.",
        discussion: """
            For the section 'aws' under 'plugins', and for every section of the kind 'aws' under 'managers'.

            Exit status: 0 all is well, 1 a secret isn't there, 2 something failed or can't be known, 3 AWS denied it, 64 wrong \
            usage, 78 wrong configuration, or none with AWS in it.
            """,
        subcommands: [Check.self, Policy.self]
    )

    /// Looks for what would fail.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say what would fail when keys are asked of AWS, and what to do; reads no secret.",
            discussion: """
                Shows region, endpoint and each link of the chain of credentials with its answer, asks STS whose they are, \
                whether Secrets Manager accepts them, and whether the secrets that are configured, or of the services \
                named, are there and may be read: it asks for a version that nobody has, so that no value comes back. \
                'keyhooks check' shows whether the KMS key may be used. A line with '-' is a remark.

                Example: keyhooks aws check openai
                """
        )

        @Argument(help: ArgumentHelp("The services; without any, all that are configured.", valueName: "service"))
        var services: [String] = []

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let context = try options.makeContext()
            try options.requirePlugins("AWS Secrets Manager", in: context.environment)
            let catalogue = try context.configuration.catalogue()
            let services = try catalogue.services(typed: services)
            let findings = try await AWSPlugin.check(in: context, for: services)
            if findings.isEmpty { throw AWSCommand.nothing }
            try findings.show(asJSON: options.json)
        }
    }

    /// Prints the least that the credentials must be allowed.
    struct Policy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "policy",
            abstract: "Print the IAM policy with the least that KeyHooks needs in AWS.",
            discussion: """
                Asks nobody and needs no credentials. Parts of a name that a request fills in become '*'. If sections sign \
                with several credentials, it prints a policy for each, one after another. Remarks are on standard error.

                Example: aws iam put-role-policy --role-name app --policy-name keyhooks --policy-document "$(keyhooks aws policy)"
                """
        )

        @Argument(help: ArgumentHelp("The sections, such as plugins.aws; without any, all.", valueName: "section"))
        var sections: [String] = []

        @Flag(help: "Also what writing, rotating, deleting, restoring and listing secrets needs.")
        var write = false

        @Flag(help: "Also what reading many secrets by one request needs.")
        var warmUp = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let context = try options.makeContext()
            var wanted = SecretsPolicy.Options()
            (wanted.isWriting, wanted.warmsUp) = (write, warmUp)
            let policies = try AWSPlugin.policies(in: context, for: sections, wanted)
            if policies.isEmpty { throw AWSCommand.nothing }
            if policies.count > 1 {
                let names = policies.map { $0.sections.joined(separator: " and ") }.joined(separator: "; ")
                StandardError.write(
                    "the configuration signs with \(policies.count) credentials, each of which needs one of these policies, in "
                        + "this order: \(names)"
                )
            }
            for remark in policies.flatMap(\.remarks) { StandardError.write("remark: \(remark)") }
            guard !options.json else { return try StandardOutput.write(json: policies) }
            try StandardOutput.write(exactly: displayJSON(policies.map(\.document).joined()))
        }
    }

    fileprivate static var nothing: KeyResolutionError {
        .invalidConfiguration(
            "the configuration doesn't use AWS Secrets Manager",
            remedy: "write a section 'aws' under 'plugins', or a manager of the kind 'aws' under 'managers'"
        )
    }
}
#else
import ArgumentParser
import KeyHooks

/// What is there in the place of the commands about AWS without the trait `AWS`, since they need a package.
struct AWSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aws",
        abstract: "Check the way to AWS Secrets Manager; this tool was built without it.",
        shouldDisplay: false
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() async throws {
        throw KeyResolutionError.invalidConfiguration(
            "this tool was built without AWS Secrets Manager",
            remedy: KeyHooks.remedy(forAbsent: "aws") ?? ""
        )
    }
}
#endif
#endif
