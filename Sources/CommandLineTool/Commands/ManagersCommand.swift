#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation

/// What there is to see of secret managers.
struct ManagersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "managers",
        abstract: "Show the secret managers of the configuration, and test them.",
        discussion: "Exit status: 0 done, 2 a test failed, 3 it was denied, 64 wrong usage, 78 wrong configuration.",
        subcommands: [List.self, Test.self]
    )

    /// Lists the managers.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the secret managers, their kinds, what is allowed and what they can do.",
            discussion: "Asks none of them."
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let resolver = try options.makeReadOnlyResolver()
            let managers = try resolver.secretManagers.map { name in
                ListedManager(name, try resolver.secrets(in: name), in: resolver.configuration)
            }
            if managers.isEmpty, options.noPlugins || switchesPluginsOff(ProcessInfo.processInfo.environment) {
                StandardError.write("plugins are switched off, and secret managers with them")
            } else if managers.isEmpty {
                StandardError.write("the configuration has no secret managers; they stand under 'managers' in it")
            }
            try StandardOutput.write(managers, asJSON: options.json, text: ListedManager.text(managers))
        }
    }

    /// Tests one manager.
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Test a secret manager: its configuration, whether it can be reached, and what it permits.",
            discussion: """
                Reads no secret: it asks for one that nobody has. Writes nothing, unless --writable names a secret that \
                isn't there, which is written, read back and deleted. Exits 0 if nothing failed, 2 if something did \
                or isn't healthy, 3 if something was denied.

                Example: keyhooks managers test team --writable probe
                """
        )

        @Argument(help: ArgumentHelp("The manager's name.", valueName: "name"))
        var name: String

        @Option(help: ArgumentHelp("A secret that isn't there and may be written and deleted.", valueName: "name"))
        var writable: String?

        @OptionGroup var options: ConfigurationOptions

        func validate() throws { try writable?.checkSecretName() }

        func run() async throws {
            try await options.withManagers { resolver in
                let steps = await ManagerTest(of: try resolver.secrets(in: name), writable: writable).steps()
                try StandardOutput.write(steps, asJSON: options.json, text: ManagerTest.text(steps))
                let status = ExitStatus.worst(of: steps.map(\.exit))
                if !status.isSuccess { throw status }
            }
        }
    }
}

/// A manager as it is listed.
private struct ListedManager: Encodable {
    let name: String
    let kind: String
    let access: String
    let operations: [SecretOperation]

    init(_ name: String, _ secrets: ManagedSecrets, in configuration: KeyConfiguration) {
        self.name = name
        // A plugin that is a manager is its own kind.
        kind = configuration.managers.first { $0.id.rawValue == name }?.settings["kind"]?.string ?? name
        access = secrets.access.description
        operations = SecretOperation.allCases.filter { secrets.allows($0) }
    }

    static func text(_ managers: [ListedManager]) -> String {
        var table = TextTable()
        for manager in managers {
            let operations = manager.operations.map(\.rawValue).joined(separator: ", ")
            table.add(manager.name, displayText(manager.kind), manager.access, operations)
        }
        return table.text
    }
}

/// Tests a manager without reading a secret of anybody's.
private struct ManagerTest {
    /// One thing that was tried.
    struct Step: Encodable {
        let step: String
        let outcome: String
        let reason: String
        var exit = ExitCode.success

        private enum CodingKeys: CodingKey {
            case step, outcome, reason
        }
    }

    private let secrets: ManagedSecrets
    private let writable: String?

    /// A secret that nobody has.
    private static let absent = "keyhooks-check/nobody-has-this"

    init(of secrets: ManagedSecrets, writable: String?) {
        self.secrets = secrets
        self.writable = writable
    }

    func steps() async -> [Step] {
        let mistakes = await secrets.configurationMistakes()
        var steps = [
            mistakes.isEmpty
                ? Step(step: "configuration", outcome: "passed", reason: "nothing is wrong with it")
                : Step(
                    step: "configuration",
                    outcome: "failed",
                    reason: mistakes.joined(separator: "; "),
                    exit: ExitStatus.configuration
                )
        ]
        if let health = await secrets.health() {
            let isHealthy = health.state == .healthy
            steps.append(
                Step(
                    step: "reachable",
                    outcome: isHealthy ? "passed" : "failed",
                    reason: isHealthy ? "it is healthy" : "\(health.state): \(health.reason)",
                    exit: isHealthy ? .success : ExitStatus.failed
                )
            )
        }
        steps.append(
            await step(.read) {
                let secret = try await secrets.read(Self.absent)
                return secret == nil ? "it answers that it has no secret '\(Self.absent)'" : "it answers"
            }
        )
        steps.append(
            await step(.list) {
                _ = try await secrets.list(limit: 1)
                return "it lists names"
            }
        )
        guard let writable else {
            let reason = "not tried: name a secret that isn't there, by --writable"
            for operation in [SecretOperation.write, .delete] where secrets.allows(operation) {
                steps.append(Step(step: operation.rawValue, outcome: "-", reason: reason))
            }
            return steps
        }
        return steps + (await writing(writable))
    }

    private func writing(_ name: String) async -> [Step] {
        guard secrets.allows(.read) else {
            // What can't be looked at first might be overwritten, and deleted.
            let reason = "not tried: nothing may be read here, so nobody knows whether '\(displayText(name))' is there"
            return [Step(step: SecretOperation.write.rawValue, outcome: "-", reason: reason)]
        }
        let value = SecretContent.text("keyhooks-probe-\(UInt64.random(in: 0 ... .max))")
        let write = await step(.write) {
            if try await secrets.read(name) != nil {
                throw KeyResolutionError(.conflict, "'\(displayText(name))' is there", remedy: "name one that isn't")
            }
            try await secrets.write(value, to: name, if: secrets.can(.checkAndSet) ? .isAbsent : nil)
            if try await secrets.read(name)?.content == value { return "written, and read back" }
            throw KeyResolutionError(.conflict, "what is read back is something else", remedy: "see who else writes it")
        }
        // Only what was written here is deleted, also after an error that leaves open whether it was.
        guard let found = try? await secrets.read(name), found.content == value else { return [write] }
        let delete = await step(.delete) {
            try await secrets.delete(name)
            return "deleted"
        }
        return [write, delete]
    }

    private func step(_ operation: SecretOperation, _ body: () async throws -> String) async -> Step {
        guard secrets.allows(operation) else {
            let reason = secrets.can(operation) ? "its access is \(secrets.access)" : "it can't do that"
            return Step(step: operation.rawValue, outcome: "-", reason: reason)
        }
        do {
            return Step(step: operation.rawValue, outcome: "passed", reason: try await body())
        } catch {
            let known = error as? KeyResolutionError
            let exit = known.map(ExitStatus.of) ?? ExitStatus.failed
            return Step(
                step: operation.rawValue,
                outcome: exit == ExitStatus.denied ? "denied" : "failed",
                reason: known.map { "\($0)" } ?? "it was cancelled",
                exit: exit
            )
        }
    }

    static func text(_ steps: [Step]) -> String {
        var table = TextTable()
        for step in steps {
            table.add(
                step.step,
                step.outcome == "failed" ? "FAILED" : step.outcome,
                displayText(step.reason, limit: 8192)
            )
        }
        return table.text
    }
}

extension ManagedSecrets {
    /// Whether the manager can do something and the access allows it.
    fileprivate func allows(_ operation: SecretOperation) -> Bool { (try? require(operation)) != nil }
}
#endif
