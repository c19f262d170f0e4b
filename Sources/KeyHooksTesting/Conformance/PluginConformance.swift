import JSON5Syntax
public import KeyHooks
public import LightFoundation
import PluginHost

/// Runs a plugin and says which rules of the protocol it keeps.
///
/// The plugin is started many times, with the variables its manifest asks for and its section of the configuration, so
/// it may talk to its source. Without a section the first of the `examples` in the schema of its section stands in.
/// Nothing that it returns is shown.
public struct PluginConformance: Sendable {
    private let configuration: KeyConfiguration
    private let environment: [String: String]
    private let children = ChildProcesses()
    private let mirror: OutputMirror?
    /// How the plugin was named by whoever has it checked; nil for its folder.
    private let name: String?
    var timing = ConformanceRun.Timing()

    /// Describes how plugins are run.
    ///
    /// - Parameters:
    ///   - configuration: Where the plugin's section is taken from.
    ///   - environment: Where the variables that the manifest names are taken from.
    public init(
        configuration: KeyConfiguration = KeyConfiguration(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.init(configuration: configuration, environment: environment, showingOutput: nil)
    }

    /// Describes how plugins are run; `showingOutput` gets every line that they write, marked and with keys in it, and
    /// `named` is how a command that is shown names the plugin.
    package init(
        configuration: KeyConfiguration,
        environment: [String: String],
        showingOutput: (@Sendable (String) -> Void)?,
        named name: String? = nil
    ) {
        self.name = name
        self.configuration = configuration
        self.environment = environment
        mirror = showingOutput.map(OutputMirror.init)
    }

    /// Checks the plugin in a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder that holds its `plugin.json`.
    ///   - writable: The name of a secret that a plugin which writes may write and delete; nil if there is none, and
    ///     then it isn't asked to write.
    /// - Returns: Every rule, with what came of it.
    /// - Throws: A `KeyResolutionError` with the code `pluginFailed` if there is no such folder, or the check was ended
    ///   by ``shutdown()``.
    public func check(_ folder: String, writable: String? = nil) async throws(KeyResolutionError) -> ConformanceReport {
        if let reason = insideOfPlugin(environment) {
            throw KeyResolutionError(.pluginFailed, reason, remedy: "unset it where no plugin has started this")
        }
        let plugin: DiscoveredPlugin
        do throws(PluginManagementError) {
            plugin = try DiscoveredPlugin.inspect(folder)
        } catch {
            throw KeyResolutionError(.pluginFailed, error.message, remedy: error.remedy)
        }
        let prepared = run(plugin, writable)
        var results: [ConformanceReport.Rule: ConformanceReport.Entry] = [:]
        var isSilent = false
        var causes: [String: ConformanceReport.Rule] = [:]
        func note(
            _ rule: ConformanceReport.Rule,
            _ outcome: ConformanceReport.Outcome,
            _ reason: String,
            _ words: [String] = []
        ) {
            results[rule] = .init(rule: rule, outcome: outcome, reason: reason, standardError: words)
        }
        func record(
            _ rule: ConformanceReport.Rule,
            _ transcript: ConformanceTranscript? = nil,
            _ body: ConformanceRun.Check
        ) async {
            let written = transcript?.errorCount ?? 0
            do throws(ConformanceFault) {
                note(rule, .passed, try await body())
            } catch {
                isSilent = error.isSilent
                if error.outcome == .failed {
                    let cause = error.cause ?? error.reason
                    if let earlier = causes[cause] {
                        // One cause is one thing to fix, and is counted once.
                        note(rule, .notApplicable, "not judged: it fails for the same reason as '\(earlier.rawValue)'")
                        return
                    }
                    causes[cause] = rule
                }
                let words = error.outcome == .failed ? transcript?.lastWords(since: written) : nil
                let lack = words.flatMap { prepared?.launch.withheldRemark($0, environment) } ?? ""
                note(rule, error.outcome, error.reason + (error.reason.contains(lack) ? "" : lack), words ?? [])
            }
        }
        let place = plugin.listing.folder
        let before = Self.fingerprint(of: place)
        await record(.manifest) { () throws(ConformanceFault) in try Self.manifest(plugin) }
        await record(.files) { () throws(ConformanceFault) in try Self.files(plugin) }
        await record(.configuration) { () throws(ConformanceFault) in try section(plugin) }
        let isSound = !results.values.contains { $0.outcome == .failed }
        let ofOtherMode = "not for a plugin of this mode"
        var why = isSound ? ofOtherMode : "not run, since it is not in order"
        if isSound, let run = prepared {
            for (rule, body) in run.rules {
                await record(rule, run.transcript, body)
                // All others would fail by it, each after the same wait.
                if rule == .hello || rule == .answers && isSilent, results[rule]?.outcome == .failed { break }
            }
            why =
                isSilent
                ? "not run, since it answers nothing"
                : results[.hello]?.outcome == .failed ? "not run, since its hello is wrong" : why
            await record(.strictJSON) { () throws(ConformanceFault) in try run.transcript.checkLines() }
            await record(.secrecy) { () throws(ConformanceFault) in try run.transcript.checkSecrecy() }
            await record(.folderUnchanged) { () throws(ConformanceFault) in
                guard before == Self.fingerprint(of: place) else { throw .broken("it wrote into its own folder") }
                return "its folder is as it was"
            }
        }
        guard children.isOpen else {
            throw KeyResolutionError(.pluginFailed, "the check was ended before it was over", remedy: "check it again")
        }
        let ofMode = isSound ? prepared?.rules.map(\.0) : nil
        for rule in ConformanceReport.Rule.allCases where results[rule] == nil {
            note(rule, .notApplicable, ofMode?.contains(rule) == false ? ofOtherMode : why)
        }
        let entries = ConformanceReport.Rule.allCases.compactMap { results[$0] }
        return ConformanceReport(folder: place, id: plugin.listing.id?.rawValue, entries: entries)
    }

    /// Ends the processes of checks that are under way, and waits until they are collected; nothing can be checked any
    /// more.
    public func shutdown() async {
        await children.end(.atOnce)
    }

    private static func manifest(_ plugin: DiscoveredPlugin) throws(ConformanceFault) -> String {
        if let manifest = plugin.manifest { return "\(manifest.id) \(manifest.version), \(manifest.mode.rawValue)" }
        throw .broken(plugin.listing.problems.map(\.reason).joined(separator: "; "))
    }

    private static func files(_ plugin: DiscoveredPlugin) throws(ConformanceFault) -> String {
        guard plugin.manifest != nil else { throw .unclear("its manifest cannot be read") }
        if plugin.listing.problems.isEmpty { return plugin.listing.reason }
        throw .broken(plugin.listing.problems.map { "\($0.reason): \($0.remedy)" }.joined(separator: "; "))
    }

    private func section(_ plugin: DiscoveredPlugin) throws(ConformanceFault) -> String {
        guard let manifest = plugin.manifest else { throw .unclear("its manifest cannot be read") }
        let section = configuration.trialSection(of: manifest)
        if section == nil, let example = manifest.exampleSection {
            // Its patterns are not matched by those who only look at the plugin.
            if (try? manifest.check(example)) != nil { return "none: the first example of its schema stands in" }
            throw .broken("the first example of its schema does not fit it: fix the example, or the schema")
        }
        do throws(JSONMistakes) {
            try manifest.check(section?.settings ?? .object([:]))
        } catch {
            throw .broken(error.description(in: configuration.path ?? "the configuration"))
        }
        guard let section else { return "none, and none is demanded" }
        return section.isOfManager
            ? "that of managers.\(section.name) is what its schema says" : "its section is what its schema says"
    }

    private static func fingerprint(of folder: String) -> String? {
        try? FolderTree(of: FilePath(folder)).fingerprint()
    }

    private func run(_ plugin: DiscoveredPlugin, _ writable: String?) -> ConformanceRun? {
        guard let manifest = plugin.manifest,
            let launch = PluginLaunch(toTry: plugin, configuration: configuration, environment: environment)
        else { return nil }
        return ConformanceRun(
            launch: launch,
            manifest: manifest,
            name: name ?? plugin.listing.folder,
            timing: timing,
            transcript: ConformanceTranscript(mask: SecretRedactor(launch), mirror: mirror),
            children: children,
            configuration: configuration,
            environment: environment,
            writable: writable
        )
    }
}

extension ConformanceRun {
    /// The rules for the plugin's mode.
    fileprivate var rules: [(ConformanceReport.Rule, Check)] {
        let both: [(ConformanceReport.Rule, Check)] = [
            (.answers, answers), (.unknownService, unknownService), (.unknownFields, unknownFields), (.ids, ids),
            (.deadline, deadline),
        ]
        if launch.mode == .oneshot { return both + [(.exitStatus, exitStatus), (.oneObject, oneObject)] + ofSecrets }
        return [(.hello, hello)] + both + [
            (.inFlight, inFlight), (.cancel, cancel), (.batch, batch), (.invalidate, invalidate), (.progress, progress),
            (.ends, ends),
        ] + ofSecrets
    }
}
