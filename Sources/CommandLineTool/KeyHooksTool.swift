#if CLI
import ArgumentParser
import KeyHooks
import PluginHost

/// The `keyhooks` tool.
@main
struct KeyHooksTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keyhooks",
        abstract: "Finds the API keys of AI services and explains where they come from.",
        discussion: """
            Exit status: 0 found or not required, 1 absent, 2 failed, 3 denied, 64 wrong usage, 78 wrong configuration, \
            141 if whoever read the output is gone.
            """,
        version: KeyHooksVersion.current,
        subcommands: [
            GetCommand.self, ExplainCommand.self, ListCommand.self, CheckCommand.self, SetCommand.self,
            RotateCommand.self,
            DeleteCommand.self, CopyCommand.self, ManagersCommand.self, LeasesCommand.self, OpenBaoCommand.self,
            LiteLLMCommand.self, AWSCommand.self,
            TrustCommand.self, UntrustCommand.self, PluginsCommand.self,
        ]
    )

    static func main() async {
        // `--` in front of the command says nothing.
        let arguments = Array(ToolProcess.prepare().trimmingPrefix { $0 == "--" })
        if let mistyped = MistypedArgument(in: arguments, of: Self.self) { refuse(mistyped.text) }
        if let mistyped = MistypedArgument(commandIn: arguments, of: Self.self) { refuse(mistyped.text) }
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                do { try await command.run() } catch { throw reported(error) }
            } else {
                try command.run()
            }
        } catch {
            if PastedArguments.areIn(fullMessage(for: error)) {
                refuse(
                    "these arguments cannot be understood, and one of them looks like a key; it is not repeated. "
                        + "See 'keyhooks --help'"
                )
            }
            // What was typed is quoted; only help and the like are printed as they are.
            let status = exitCode(for: error)
            guard !status.isSuccess else { exit(withError: error) }
            let text = fullMessage(for: error)
            // What is missing is often what an option was to bring that there is not.
            if !text.isEmpty, !text.contains("Unknown option"),
                let mistyped = MistypedArgument(in: arguments, of: Self.self, isRefused: true)
            {
                refuse(mistyped.text)
            }
            if !text.isEmpty { StandardError.write(text) }
            exit(withError: status)
        }
    }

    private static func refuse(_ fault: String) -> Never {
        StandardError.write("error: \(fault)")
        exit(withError: ExitStatus.usage)
    }
}
#else
import LightFoundation

/// What is built without the trait `CLI`, since the tool needs a package that the default build must not bring.
@main
enum KeyHooksTool {
    static func main() {
        let text = """
            keyhooks was built without its command line. Build it with the trait CLI:
                swift run --traits CLI keyhooks --help

            """
        _ = write(STDERR_FILENO, text, text.utf8.count)
        exit(64)
    }
}
#endif
