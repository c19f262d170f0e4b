/// The rules that a plugin is checked against, by the names they are reported with.
public enum ConformanceRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// `plugin.json` is right.
    case manifest
    /// The folder is safe, and the entry is there and can be run.
    case files
    /// Its section of the configuration is what its schema says.
    case configuration
    /// A session plugin says hello within its time, with version 1 and its own id.
    case hello
    /// It answers a request that it is for, at every hook of its manifest.
    case answers
    /// It leaves a service that nobody has to others.
    case unknownService = "unknown-service"
    /// It passes over fields that it does not know.
    case unknownFields = "unknown-fields"
    /// It answers with the id of the request, once.
    case ids
    /// It answers eight requests that come at once.
    case inFlight = "in-flight"
    /// It answers what was cancelled all the same, if it announces `cancel`.
    case cancel
    /// It answers each request of a batch, if it announces `batch`.
    case batch
    /// It goes on after being told that a key was refused, if it announces `invalidate`.
    case invalidate
    /// What it tells of progress has the id of the request, and it announces `progress`.
    case progress
    /// It answers within the deadline of the request, at least once of three times.
    case deadline
    /// It ends by itself when its standard input is closed.
    case ends
    /// A one-shot plugin ends with status 0.
    case exitStatus = "exit-status"
    /// A one-shot plugin writes one object and nothing else.
    case oneObject = "one-object"
    /// Every line on standard output is a message in strict JSON.
    case strictJSON = "strict-json"
    /// A key that it returns is nowhere else: not on standard error, not in another field.
    case secrecy
    /// It changes nothing in its own folder, which would take its trust away.
    case folderUnchanged = "folder-unchanged"
}

/// What came of checking a plugin.
public struct ConformanceReport: Hashable, Sendable, Codable {
    /// What came of one rule.
    public enum Outcome: String, Hashable, Sendable, Codable {
        /// The plugin keeps the rule.
        case passed
        /// It breaks the rule.
        case failed
        /// The rule says nothing about this plugin, or could not be checked.
        case notApplicable = "not-applicable"
    }

    /// One rule, and how the plugin stands to it.
    public struct Entry: Hashable, Sendable, Codable {
        /// The rule.
        public let rule: ConformanceRule
        /// What came of it.
        public let outcome: Outcome
        /// Why, in one line without a key.
        public let reason: String
        /// The last lines that the plugin wrote on standard error meanwhile, without keys; none unless the rule is broken.
        public let standardError: [String]
    }

    /// The plugin's folder, without links.
    public let folder: String

    /// The plugin's id; nil if its manifest has none that can be read.
    public let id: String?

    /// Every rule, in the order of ``ConformanceRule``.
    public let entries: [Entry]

    /// Whether no rule is broken.
    public var isConforming: Bool { !entries.contains { $0.outcome == .failed } }
}
