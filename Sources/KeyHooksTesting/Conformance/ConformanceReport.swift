/// What came of checking a plugin.
public struct ConformanceReport: Hashable, Sendable, Codable {
    /// The rules that a plugin is checked against, by the names they are reported with and in that order.
    package enum Rule: String, Hashable, Sendable, Codable, CaseIterable {
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
        /// It goes on after hearing that a key was refused, if it announces `invalidate`.
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
        /// What is true of every secret manager: a secret that isn't there is reported as such.
        case read
        /// What was written is read back byte for byte, and nothing older.
        case write
        /// Of two writers under one condition, one writes and the other learns of it.
        case checkAndSet = "check-and-set"
        /// What was written is listed, under every prefix of its name.
        case list
        /// The version that a rotation replaced can't be read any more.
        case rotate
        /// It says that it is healthy, or in a word why it isn't.
        case health
        /// What was deleted is absent, and to delete it again isn't an error.
        case delete
        /// Every line on standard output is a message in strict JSON.
        case strictJSON = "strict-json"
        /// A key that it returns is nowhere else: not on standard error, not in another field.
        case secrecy
        /// It changes nothing in its own folder, which would take its trust away.
        case folderUnchanged = "folder-unchanged"
    }

    /// What came of one rule.
    package enum Outcome: String, Hashable, Sendable, Codable {
        /// The plugin keeps the rule.
        case passed
        /// It breaks the rule.
        case failed
        /// The rule says nothing about this plugin, or could not be checked.
        case notApplicable = "not-applicable"
    }

    /// One rule, and how the plugin stands to it.
    package struct Entry: Hashable, Sendable, Codable {
        /// The rule.
        package let rule: Rule
        /// What came of it.
        package let outcome: Outcome
        /// Why, in one line without a key.
        package let reason: String
        /// The last lines that the plugin wrote on standard error meanwhile, without keys; none unless the rule is
        /// broken.
        package let standardError: [String]
    }

    /// The plugin's folder, without links.
    public let folder: String

    /// The plugin's id; nil if its manifest has none that can be read.
    public let id: String?

    /// Every rule, in one order.
    package let entries: [Entry]

    /// The rules that are broken, each with its name and why, in one line without a key.
    public var failures: [String] {
        entries.filter { $0.outcome == .failed }.map { "\($0.rule.rawValue): \($0.reason)" }
    }

    /// Whether no rule is broken.
    public var isConforming: Bool { !entries.contains { $0.outcome == .failed } }
}

/// Why a rule is not known to be kept.
struct ConformanceFault: Error {
    let outcome: ConformanceReport.Outcome
    let reason: String
    /// Whether nothing came that is an answer, so that there is nothing the other rules could look at.
    var isSilent = false
    /// What is the same at every rule that fails for the same reason; nil if the reason itself is.
    var cause: String?

    static func broken(_ reason: String, by cause: String? = nil) -> ConformanceFault {
        ConformanceFault(outcome: .failed, reason: reason, cause: cause)
    }

    static func silent(_ reason: String) -> ConformanceFault {
        ConformanceFault(outcome: .failed, reason: reason, isSilent: true)
    }

    static func unclear(_ reason: String) -> ConformanceFault {
        ConformanceFault(outcome: .notApplicable, reason: reason)
    }
}
