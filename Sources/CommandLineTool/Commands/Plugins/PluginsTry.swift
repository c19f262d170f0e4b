#if CLI
import ArgumentParser
import KeyHooks
import LightFoundation
import PluginHost

/// Asks a plugin one question and shows the conversation.
struct PluginsTry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Ask a plugin for one key and show the lines in both directions, keys hidden.",
        discussion: """
            The plugin need not be installed or trusted. What it is sent begins with '->', what it writes with '<-', and \
            what it writes for people with 'stderr:'; no other source is asked. A plugin outside of your own plugins \
            folder gets none of the variables that its manifest asks for, unless you say --with-environment.
            Exits as 'keyhooks get' would for the same answer: 0 if there is a key, or none is required, 1 if there is \
            none, 2 if it cannot be had now, 3 if it was denied.

            Example: keyhooks plugins try ./acme-vault openai > lines.txt; echo "status $?"
            """
    )

    @OptionGroup var argument: PluginArgument

    @Argument(help: ArgumentHelp("The service, such as openai.", valueName: "service"))
    var service: String

    @Option(help: ArgumentHelp("A named field instead of the main key, such as region.", valueName: "name"))
    var field: String?

    @OptionGroup var scopes: ScopeOptions

    @OptionGroup var options: PluginOptions

    func validate() throws {
        if options.json {
            throw ValidationError("'try' shows lines as they are spoken; it has no other form for --json")
        }
    }

    func run() async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let catalogue = try configuration.catalogue()
            let typed = try Service(typed: service, in: catalogue)
            if !catalogue.definition(of: typed).isListed { try typed.check() }
            typed.warnIfUnknown(in: catalogue)
            let service = catalogue.canonical(typed)
            let chosen = try argument.choose(in: options.makeDirectory(configuration), command: "try")
            let trial = try PluginTrial(
                chosen.plugin,
                configuration: configuration,
                environment: chosen.environment,
                isInteractive: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
                display: PluginTrial.Display(
                    line: { try? StandardOutput.write($0 + "\n") },
                    output: argument.output,
                    command: argument.commandShowingOutput
                )
            )
            if trial.usesExample {
                StandardError.write(
                    "the configuration has no section for it: the first example of its schema stands in"
                )
            }
            try await ending({ await trial.shutdown(atOnce: $0) }) { try await ask(trial, for: service) }
        }
    }

    private func ask(_ trial: PluginTrial, for service: Service) async throws {
        switch try await trial.answer(for: service, field: field, scope: scopes.scope) {
        case .found: StandardError.write("it has a key for '\(service)'")
        case .notRequired: StandardError.write("'\(service)' requires no key")
        case .absent:
            throw KeyResolutionError(
                .absent,
                "the plugin has no \(field == nil ? "key" : "such field") for '\(service)'",
                remedy: "see above what it answered",
                service: service
            )
        }
    }
}
#endif
