#if CLI
import ArgumentParser
import KeyHooks

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
        try await reportingErrors {
            let resolver = try options.makeReadOnlyResolver()
            let services = try resolver.list(profile: options.scope.profile)
                .filter { !set || [.found, .fields, .unreadable].contains($0.outcome) }
            let plugins = resolver.askedPlugins
            if set, !plugins.isEmpty {
                StandardError.write("plugins aren't asked: \(plugins.joined(separator: ", "))")
            }
            if options.json {
                try StandardOutput.write(json: services)
            } else {
                try StandardOutput.write(TextTable(services).text)
            }
        }
    }
}
#endif
