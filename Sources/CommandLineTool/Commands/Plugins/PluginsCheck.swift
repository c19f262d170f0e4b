#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import PluginHost

/// Checks a plugin against the protocol.
struct PluginsCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Run a plugin and report each rule of the protocol by name.",
        discussion: """
            The plugin need not be installed or trusted: it is started many times, with its section of the \
            configuration (or the first example of its schema). What has no '/' is the id of an installed plugin; what \
            has one is a folder. A plugin outside of your own plugins folder gets none of the variables that its \
            manifest asks for, unless you say --with-environment. No key is shown. Exits 0 if no rule is broken, 2 if \
            one is, 1 if there is no such plugin.

            Example: keyhooks plugins check ./acme-vault
            """
    )

    @OptionGroup var argument: PluginArgument

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let chosen = try argument.choose(in: options.makeDirectory(configuration), command: "check")
            let conformance = PluginConformance(
                configuration: configuration,
                environment: chosen.environment,
                showingOutput: argument.output,
                named: argument.plugin
            )
            try await ending({ _ in await conformance.shutdown() }) {
                try await check(chosen.plugin.listing.folder, conformance)
            }
        }
    }

    private func check(_ folder: String, _ conformance: PluginConformance) async throws {
        let report = try await conformance.check(folder)
        if options.json {
            try StandardOutput.write(json: report)
        } else {
            try StandardOutput.write(ConformanceText(report).text)
        }
        if !report.isConforming { throw ExitStatus.failed }
    }
}

/// A report as a table.
struct ConformanceText {
    private let report: ConformanceReport

    init(_ report: ConformanceReport) {
        self.report = report
    }

    var text: String {
        let width = report.entries.map(\.rule.rawValue.count).max() ?? 0
        var shown: [String] = []
        let lines = report.entries.map { entry in
            let outcome =
                switch entry.outcome {
                case .passed: "passed"
                case .failed: "FAILED"
                case .notApplicable: "-     "
                }
            // A plugin that cannot even start says the same for every rule.
            let words = entry.standardError == shown ? [] : entry.standardError
            if !words.isEmpty { shown = words }
            return "\(entry.rule.rawValue.padded(to: width))  \(outcome)  \(displayText(entry.reason, limit: 8192))\n"
                + words.map { "    stderr: \(displayText($0, limit: 8192))\n" }.joined()
        }
        let broken = report.entries.count { $0.outcome == .failed }
        let verdict = broken == 0 ? "conforming" : "\(broken) broken"
        return lines.joined() + "\(displayText(report.id ?? "the plugin")): \(verdict)\n"
    }
}
#endif
