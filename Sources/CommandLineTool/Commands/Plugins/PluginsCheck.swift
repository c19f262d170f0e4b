#if CLI
import ArgumentParser
import ExtensionHooks
import Foundation
import KeyHooks
import PluginHost

/// Checks a plugin against the protocol.
struct PluginsCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Run the plugin in a folder and report each rule of the protocol by name.",
        discussion: """
            The plugin need not be installed or trusted: it is started many times, with its section of the \
            configuration (or the first example of its schema) and the variables that its manifest asks for. No key is shown. Exits 0 if no rule is broken, \
            2 if one is, 1 if there is no such folder.

            Example: keyhooks plugins check ./acme-vault
            """
    )

    @Argument(help: ArgumentHelp("The folder that holds plugin.json, or an id.", valueName: "path"))
    var path: String

    @OptionGroup var options: PluginOptions

    /// The folder, also of a plugin that is installed and named by its id.
    private func folder(_ configuration: KeyConfiguration) -> String {
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        return (try? options.makeDirectory(configuration).plugin(HookID(path)).listing.folder) ?? path
    }

    func run() async throws {
        try await reportingErrors {
            let configuration = try options.makeConfiguration()
            let conformance = PluginConformance(configuration: configuration)
            try await ending({ _ in await conformance.shutdown() }) {
                try await check(folder(configuration), conformance)
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
        let lines = report.entries.map { entry in
            let outcome =
                switch entry.outcome {
                case .passed: "passed"
                case .failed: "FAILED"
                case .notApplicable: "-     "
                }
            return "\(entry.rule.rawValue.padded(to: width))  \(outcome)  \(displayText(entry.reason, limit: 8192))\n"
        }
        let broken = report.entries.count { $0.outcome == .failed }
        let verdict = broken == 0 ? "conforming" : "\(broken) broken"
        return lines.joined() + "\(displayText(report.id ?? "the plugin")): \(verdict)\n"
    }
}
#endif
