package import JSON5Syntax
package import KeyHooks
import LightFoundation

/// How a plugin's executable is started and for how long it is waited for.
package struct PluginLaunch: Hashable, Sendable {
    /// The id from the manifest.
    var id: String
    /// The absolute path of the executable.
    var executable: String
    /// What it is called with; nothing of a request goes here.
    var arguments: [String] = []
    /// Its working directory.
    var folder: String
    /// Its environment but for `KEYHOOKS_PLUGIN`; ``environment(from:allowing:)`` makes one.
    package var environment: [String: String] = [:]
    package var mode = PluginManifest.Mode.session
    /// How long the plugin may take to say hello.
    package var helloTimeout = Duration.seconds(5)
    /// How long a request may take whose caller says nothing else.
    package var requestTimeout = Duration.seconds(5)
    /// The plugin's section of the configuration, an object.
    package var configuration = JSONNode.object([:])
    /// Whether the plugin may ask the user, in the words of the protocol.
    var interactive = "never"
    /// The variables that its manifest asks for.
    var askedVariables: [String] = []
    /// Those of them that are not set.
    package var missingVariables: [String] = []
    /// Whether errors are shown where the log is, so that the last lines that an error repeats are left out of the log.
    var isErrorInLog = false
    /// How to get the executable when it is not there.
    var installHint: String?

    /// Whether somebody may be asked, who has to read at once what the plugin says.
    package var mayAskUser: Bool { interactive != "never" }

    /// What every plugin's environment has.
    static let inherited = ["PATH", "HOME", "LANG", "TMPDIR"]

    /// The part of an environment that a plugin gets to see.
    ///
    /// - Parameters:
    ///   - environment: The host's own.
    ///   - allowed: The names that the manifest asks for besides the usual four.
    /// - Returns: What the child's environment is to be; `KEYHOOKS_PLUGIN` is added to whatever is started.
    static func environment(from environment: [String: String], allowing allowed: [String]) -> [String: String] {
        let names = inherited + allowed
        return environment.filter { names.contains($0.key) }
    }
}

extension PluginLaunch {
    /// What a manifest says of how its plugin is started, once it is known where and for whom.
    ///
    /// - Parameters:
    ///   - manifest: The manifest.
    ///   - executable: The absolute path of the executable.
    ///   - folder: Its working directory.
    ///   - section: Its section of the configuration.
    ///   - environment: The host's environment, of which it gets a part.
    ///   - isInteractive: Whether there is somebody who may be asked.
    init(
        _ manifest: PluginManifest,
        executable: String,
        in folder: String,
        section: JSONNode?,
        environment: [String: String],
        isInteractive: Bool
    ) {
        id = manifest.id.rawValue
        self.executable = executable
        arguments = manifest.arguments
        self.folder = folder
        self.environment = Self.environment(from: environment, allowing: manifest.environment)
        // What Python would write into the plugin's folder would make it another plugin than the one that was trusted.
        self.environment["PYTHONDONTWRITEBYTECODE"] = "1"
        mode = manifest.mode
        helloTimeout = manifest.helloTimeout
        requestTimeout = manifest.requestTimeout
        configuration = section ?? .object([:])
        interactive = isInteractive ? manifest.interaction.rawValue : "never"
        askedVariables = manifest.environment
        // What was withheld is set.
        missingVariables = manifest.environment.filter {
            environment[$0] == nil && ProcessInfo.processInfo.environment[$0] == nil
        }
        installHint = manifest.installHint
    }
}

extension PluginLaunch {
    /// How a plugin is started that is being tried, with its section of the configuration or the first example of its
    /// schema; nil if it is not in order.
    package init?(
        toTry plugin: DiscoveredPlugin,
        configuration: KeyConfiguration,
        environment: [String: String],
        isInteractive: Bool = false
    ) {
        guard let manifest = plugin.manifest, let executable = plugin.executable else { return nil }
        self.init(
            manifest,
            executable: executable,
            in: plugin.listing.folder,
            section: configuration.trialSection(of: manifest)?.settings ?? manifest.exampleSection,
            environment: environment,
            isInteractive: isInteractive
        )
    }
}

/// Throws if a plugin's files are no longer those that were found.
package typealias PluginVerification = @Sendable () throws(PluginManagementError) -> Void

extension PluginLaunch {
    /// What to look at when a process says no hello.
    package static let helloHint =
        "flush standard output after each line, write \"mode\": \"oneshot\" in its manifest if it answers one request "
        + "and ends, or raise timeouts.hello_ms there"

    /// Where its author sets how long it may take.
    package static let requestSetting = "timeouts.request_ms of its \(PluginManifest.fileName)"

    /// What is said when a request was not answered in time, and what limits that unless the caller did.
    func lateness(of request: PluginRequest) -> String {
        // Of another attempt the deadline is the rest of the time.
        guard let deadline = request.deadline, request.attempt <= 1 else {
            return "no answer within \(Self.seconds(requestTimeout)) s (\(Self.requestSetting))"
        }
        return "no answer within \(Self.seconds(deadline)) s"
    }

    private static func seconds(_ time: Duration) -> String {
        let text = "\((time / .milliseconds(1)).rounded() / 1000)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    func error(_ kind: PluginError.Kind, _ message: String, hint: String? = nil) -> PluginError {
        PluginError(kind: kind, plugin: id, message: message, hint: hint)
    }

    /// What asking it comes to once its host was shut down.
    var shutDownError: PluginError {
        error(.cancelled, "it was shut down", hint: "make another DropInPlugins, and a resolver with it")
    }

    /// Starts a process, if its files are still what they were.
    ///
    /// - Returns: What was started; nil if the file is open for writing and is worth another attempt.
    /// - Throws: A ``PluginError`` that says why there is no process.
    func start<Started>(
        _ verify: PluginVerification,
        attempt: Int,
        _ start: () throws(SystemFailure) -> Started
    ) throws(PluginError) -> Started? {
        do throws(PluginManagementError) {
            try verify()
        } catch {
            throw self.error(.untrusted, error.message, hint: error.remedy)
        }
        do throws(SystemFailure) {
            return try start()
        } catch {
            if error.isBusy, attempt < SessionLimits.busyAttempts { return nil }
            guard !error.isCancelled else { throw shutDownError }
            throw startError(error)
        }
    }

    /// Starts a process, and tries again for a while if its file is open for writing.
    ///
    /// - Throws: A ``PluginError`` that says why there is no process.
    package func start(
        _ verify: PluginVerification = {},
        in children: ChildProcesses,
        graces: ChildProcess.Graces,
        clock: AnyClock = AnyClock()
    ) async throws(PluginError) -> ChildProcess {
        var attempt = 1
        while true {
            let child = try start(verify, attempt: attempt) { () throws(SystemFailure) in
                try children.start(self, graces: graces)
            }
            if let child { return child }
            attempt += 1
            try? await clock.sleep(SessionLimits.busyPause)
            if Task.isCancelled { throw busyError }
        }
    }

    /// Why there is no process: because there is nothing to start, or because this program or system lacks room for it.
    ///
    /// The second says nothing about the plugin's source, so no weaker source may answer in its place.
    func startError(_ failure: SystemFailure) -> PluginError {
        let words = words(for: failure)
        return error(
            failure.isOfExecutable ? .notInstalled : .cannotStart,
            "it cannot be started: \(words.reason)",
            hint: failure.isOfExecutable ? words.hint : failure.spawnRemedy
        )
    }

    /// What a deadline comes to that passed while the executable was open for writing.
    var busyError: PluginError { startError(SystemFailure(ETXTBSY)) }
}

extension PluginLaunch {
    /// Why it cannot be started, and what helps.
    package func words(for failure: SystemFailure) -> (reason: String, hint: String?) {
        switch failure.code {
        case ENOENT where FileManager.default.fileExists(atPath: executable), ENOEXEC:
            let line = EntryFirstLine(of: executable)
            if let fault = line?.fault { return ("'\(entry)' \(fault.reason)", fault.remedy) }
            if failure.code == ENOEXEC { return ("'\(entry)' is a program for another system", installHint) }
            guard let interpreter = line?.words?.first else {
                return ("what it needs to run, such as its loader, is not there", installHint)
            }
            return (
                "its interpreter '\(displayText(interpreter, limit: 200))' is not there",
                "install it, or put the right one into the first line of '\(entry)'"
            )
        default: return (failure.text, failure.isOfExecutable ? installHint : nil)
        }
    }

    /// What the executable is called in its folder.
    private var entry: String { displayText(FilePath(executable).name, limit: 200) }

    /// What is known of why it ended, to follow how it did; empty if there is nothing.
    ///
    /// - Parameters:
    ///   - exit: How it ended.
    ///   - lines: What it wrote last for people.
    /// - Returns: The remark.
    package func remark(on exit: ChildExit, after lines: [String]) -> String {
        interpreterFault(exit).map { ": \($0)" } ?? remark(after: lines)
    }

    /// The remark, and after it the last lines; not where those are no more than a program's own words for the remark.
    func words(on exit: ChildExit, after lines: [String]) -> String {
        let shown = lines.map { TerminalText.clean($0, limit: StandardErrorLog.repeatedLimit) }.joined(separator: " | ")
        let remark = remark(on: exit, after: lines)
        return shown.isEmpty || interpreterFault(exit) != nil ? remark : "\(remark); its last words: \(shown)"
    }

    /// Why the program that its first line names could not be run; nil if it was, or nothing is known.
    private func interpreterFault(_ exit: ChildExit) -> String? {
        guard case .status(let status) = exit, [126, 127].contains(status) else { return nil }
        return EntryFirstLine(of: executable)?
            .faultOfProgram(isOnPath: { EntryFirstLine.isOnPath($0, environment) })
    }

    /// What is known of the variables that it lacks, to follow what went wrong; empty if there is nothing.
    package func remark(
        after lines: [String],
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        missingRemark.isEmpty ? withheldRemark(lines, environment) : missingRemark
    }

    /// That its manifest asks for what isn't set.
    private var missingRemark: String {
        guard let last = missingVariables.last else { return "" }
        let names = missingVariables.dropLast().joined(separator: ", ")
        return names.isEmpty
            ? "; its manifest asks for \(last), which isn't set"
            : "; its manifest asks for \(names) and \(last), which aren't set"
    }

    /// That it names a variable which is set here and which its manifest doesn't ask for.
    package func withheldRemark(_ lines: [String], _ host: [String: String]) -> String {
        let words = lines.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) }
        let names = words.filter { $0.contains("_") && host[$0] != nil && environment[$0] == nil }
        guard let name = names.first(where: { !askedVariables.contains($0) }) else { return "" }
        return "; \(name) is set here, and a plugin gets only the variables that 'environment' in its manifest names"
    }
}

extension KeyConfiguration {
    /// The settings with which a plugin is tried: of its section, or of the first secret manager that it is.
    package func trialSection(
        of manifest: PluginManifest
    ) -> (settings: JSONNode, name: String, isOfManager: Bool)? {
        if let own = section(for: manifest.id) { return (own, manifest.id.rawValue, false) }
        guard manifest.secrets != nil,
            let manager = managers.first(where: { $0.settings["kind"]?.string == manifest.id.rawValue })
        else { return nil }
        return (manager.ofKind.settings, manager.id.rawValue, true)
    }
}
