#if CLI
import ArgumentParser
import KeyHooks

/// Explains where the key of a service would come from.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show where the key of a service would come from, and why; never a value.",
        discussion: """
            Asks no plugin. Exits 0 if a variable is set or none is required, 1 if nothing is set: a plugin may still \
            answer then. Exits 78 if a variable names a file with the key, and it can't be read.
            """
    )

    @Argument(help: ArgumentHelp("The service, such as openai.", valueName: "service"))
    var service: String

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let resolver = try options.makeReadOnlyResolver()
        let service = try Service(typed: service, in: resolver.catalogue)
        let explanation = try resolver.explain(service: service, scope: options.scope)
        try StandardOutput.write(explanation, asJSON: options.json, text: explanation.description)
        switch explanation.outcome {
        case .absent: throw ExitStatus.absent
        case .unreadable: throw ExitStatus.configuration
        case .found, .notRequired, .fields: break
        }
    }
}
/// Lists the services and whether their keys are set.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the known services and whether a key is set for them; never a value.",
        discussion: "Asks no plugin: what a plugin would answer is not shown here."
    )

    @Flag(help: "Only the services for which a key is set.")
    var set = false

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let resolver = try options.makeReadOnlyResolver()
        let services = try resolver.list(profile: options.scope.profile)
            .filter { !set || [.found, .fields, .unreadable].contains($0.outcome) }
        let plugins = resolver.askedPlugins
        if set, !plugins.isEmpty {
            StandardError.write("plugins aren't asked: \(plugins.joined(separator: ", "))")
        }
        try StandardOutput.write(services, asJSON: options.json, text: TextTable(services).text)
    }
}
#endif
