/// What came of checking a plugin.
public struct ConformanceReport: Hashable, Sendable, Codable {
    /// A rule that a plugin is checked against, by the name it is reported with; more may come.
    package struct Rule: RawRepresentable, Hashable, Sendable, Codable {
        /// The name, such as `unknown-service`.
        package let rawValue: String

        /// Names a rule.
        ///
        /// - Parameter rawValue: The name.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// `plugin.json` is right.
        package static let manifest = Rule(rawValue: "manifest")

        /// The folder is safe, and the entry is there and can be run.
        package static let files = Rule(rawValue: "files")

        /// Its section of the configuration is what its schema says.
        package static let configuration = Rule(rawValue: "configuration")

        /// A session plugin says hello within its time, with version 1 and its own id.
        package static let hello = Rule(rawValue: "hello")

        /// It answers a request that it is for, at every hook of its manifest.
        package static let answers = Rule(rawValue: "answers")

        /// It leaves a service that nobody has to others.
        package static let unknownService = Rule(rawValue: "unknown-service")

        /// It passes over fields that it does not know.
        package static let unknownFields = Rule(rawValue: "unknown-fields")

        /// It answers with the id of the request, once.
        package static let ids = Rule(rawValue: "ids")

        /// It answers eight requests that come at once.
        package static let inFlight = Rule(rawValue: "in-flight")

        /// It answers what was cancelled all the same, if it announces `cancel`.
        package static let cancel = Rule(rawValue: "cancel")

        /// It answers each request of a batch, if it announces `batch`.
        package static let batch = Rule(rawValue: "batch")

        /// It goes on after hearing that a key was refused, if it announces `invalidate`.
        package static let invalidate = Rule(rawValue: "invalidate")

        /// What it tells of progress has the id of the request, and it announces `progress`.
        package static let progress = Rule(rawValue: "progress")

        /// It answers within the deadline of the request, at least once of three times.
        package static let deadline = Rule(rawValue: "deadline")

        /// It ends by itself when its standard input is closed.
        package static let ends = Rule(rawValue: "ends")

        /// A one-shot plugin ends with status 0.
        package static let exitStatus = Rule(rawValue: "exit-status")

        /// A one-shot plugin writes one object and nothing else.
        package static let oneObject = Rule(rawValue: "one-object")

        /// Every line on standard output is a message in strict JSON.
        package static let strictJSON = Rule(rawValue: "strict-json")

        /// A key that it returns is nowhere else: not on standard error, not in another field.
        package static let secrecy = Rule(rawValue: "secrecy")

        /// It changes nothing in its own folder, which would take its trust away.
        package static let folderUnchanged = Rule(rawValue: "folder-unchanged")

        /// All rules, in the order in which they are reported.
        package static let all: [Rule] = [
            .manifest, .files, .configuration, .hello, .answers, .unknownService, .unknownFields, .ids, .inFlight,
            .cancel, .batch, .invalidate, .progress, .deadline, .ends, .exitStatus, .oneObject, .strictJSON,
            .secrecy, .folderUnchanged,
        ]
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
    let isSilent: Bool
    /// What is the same at every rule that fails for the same reason.
    let cause: String

    private init(_ outcome: ConformanceReport.Outcome, _ reason: String, isSilent: Bool = false, cause: String? = nil) {
        self.outcome = outcome
        self.reason = reason
        self.isSilent = isSilent
        self.cause = cause ?? reason
    }

    static func broken(_ reason: String, by cause: String? = nil) -> ConformanceFault {
        ConformanceFault(.failed, reason, cause: cause)
    }

    static func silent(_ reason: String) -> ConformanceFault {
        ConformanceFault(.failed, reason, isSilent: true)
    }

    static func unclear(_ reason: String) -> ConformanceFault {
        ConformanceFault(.notApplicable, reason)
    }
}
