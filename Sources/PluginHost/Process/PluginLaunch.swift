import Foundation
import JSON5Syntax
import KeyHooks

/// How a plugin's executable is started and for how long it is waited for.
struct PluginLaunch: Hashable, Sendable {
    /// The ways an executable may serve requests.
    enum Mode: String, Sendable {
        /// One process answers many requests.
        case session
        /// Each request has a process of its own.
        case oneshot
    }

    /// The id from the manifest.
    var id: String
    /// The version from the manifest.
    var version: String
    /// The absolute path of the executable.
    var executable: String
    /// What it is called with; nothing of a request goes here.
    var arguments: [String] = []
    /// Its working directory.
    var folder: String
    /// Its environment but for `KEYHOOKS_PLUGIN`; ``environment(from:allowing:)`` makes one.
    var environment: [String: String] = [:]
    var mode = Mode.session
    /// How long the plugin may take to say hello.
    var helloTimeout = Duration.seconds(5)
    /// How long a request may take whose caller says nothing else.
    var requestTimeout = Duration.seconds(5)
    /// The plugin's section of the configuration, an object.
    var configuration = JSONNode.object([:])
    /// Whether the plugin may ask the user, in the words of the protocol.
    var interactive = "never"
    /// The variables that its manifest asks for.
    var askedVariables: [String] = []
    /// Those of them that are not set.
    var missingVariables: [String] = []
    /// Whether errors are shown where the log is, so that the last lines that an error repeats are left out of the log.
    var isErrorInLog = false
    /// How to get the executable when it is not there.
    var installHint: String?

    /// Whether somebody may be asked, who has to read at once what the plugin says.
    var mayAskUser: Bool { interactive != "never" }

    /// What every plugin's environment has.
    static let inherited = ["PATH", "HOME", "LANG", "TMPDIR"]

    /// Those of the names that a manifest asks for that are not set; what was withheld is.
    static func missing(_ asked: [String], in environment: [String: String]) -> [String] {
        asked.filter { environment[$0] == nil && ProcessInfo.processInfo.environment[$0] == nil }
    }

    /// The part of an environment that a plugin gets to see.
    ///
    /// - Parameters:
    ///   - environment: The host's own.
    ///   - allowed: The names that the manifest asks for besides the usual four.
    /// - Returns: What the child's environment is to be; `KEYHOOKS_PLUGIN` is added to whatever is started.
    static func environment(from environment: [String: String], allowing allowed: [String]) -> [String: String] {
        var result: [String: String] = [:]
        for name in inherited + allowed { result[name] = environment[name] }
        return result
    }
}
