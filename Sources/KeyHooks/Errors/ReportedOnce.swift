import ExtensionHooks
import JSON5Syntax
import Synchronization

/// What a resolver has reported, so that it is reported once until the resolver changes.
final class ReportedOnce: Sendable {
    enum Remark: Hashable, Sendable {
        /// A source has nothing for a service, and a weaker one answered.
        case skipped(Service)
        /// A hook at the end of a call failed.
        case ending(HookID)
        /// Something is odd about the variables of a service.
        case odd(KeyWarning)
    }

    /// Names of services may come from outside.
    private static let limit = 10_000

    private let reported = Mutex<Set<Remark>>([])

    /// Whether something is to be reported; the next time it is not.
    func isNew(_ remark: Remark) -> Bool { reported.withLock { $0.count < Self.limit && $0.insert(remark).inserted } }

    /// The last key of each service that was looked at and may be given out, as a hash: a source that is asked again
    /// mostly has the same one.
    private let examined = Mutex<[ExaminedKey: Int]>([:])

    struct ExaminedKey: Hashable {
        let service: Service
        let isField: Bool
    }

    func isExamined(_ key: APIKey, as place: ExaminedKey) -> Bool {
        let hash = Self.hash(of: key)
        return examined.withLock { $0[place] == hash }
    }

    func noteExamined(_ key: APIKey, as place: ExaminedKey) {
        let hash = Self.hash(of: key)
        examined.withLock { examined in
            if examined.count >= Self.limit { examined = [:] }
            examined[place] = hash
        }
    }

    private static func hash(of key: APIKey) -> Int {
        var hasher = Hasher()
        key.withValue { hasher.combine(ExactText($0)) }
        hasher.combine(key.provenance?.source)
        return hasher.finalize()
    }

    func forget() {
        reported.withLock { $0 = [] }
        examined.withLock { $0 = [:] }
    }
}

extension KeyResolver {
    /// Reports the sources that had nothing for a service that a weaker one has a key for: one of them may be misspelt
    /// in the configuration.
    ///
    /// A constant is written on purpose, behind whatever source there is.
    func report(skipped sources: [SkippedSource], before answer: KeyAnswer, of service: Service) {
        guard case .found(let key) = answer else { return }
        let absences = sources.filter(\.isAbsence)
        let source = key.provenance?.source ?? .unknown
        guard !absences.isEmpty, source != .constant, remarks.isNew(.skipped(service)) else { return }
        let odd = absences.filter { !$0.isUsual }
        warn(
            KeyWarning(
                code: .skippedSource,
                service: service,
                names: [],
                message: odd.isEmpty
                    ? KeyWarning.usuallySkipped(absences.map(\.place), of: service, before: "\(source)")
                    : KeyWarning.skipped(odd.map(\.description), of: service, before: "\(source)")
            )
        )
    }

    /// Reports the hooks at the end of a call that failed and did not end it.
    func report(_ failures: [HookError], of service: Service) {
        for failure in failures where failure.phase == .end && remarks.isNew(.ending(failure.hook)) {
            warn(KeyWarning(code: .endHook, service: service, names: [], message: failure.atEnd))
        }
    }
}

extension KeyWarning {
    /// In words, that sources have nothing and a weaker one answers.
    static func skipped(_ places: [String], of service: Service, before source: String) -> String {
        displayLines(
            "\(places.joined(separator: "; ")) has nothing for '\(service)', so the key is from \(source). Correct where it "
                + "is looked for; if this is meant, write \"plugins\": [] for '\(service)', in place of a 'source'"
        )
    }

    /// The same of sources that need not have it.
    static func usuallySkipped(_ places: [String], of service: Service, before source: String) -> String {
        displayLines("\(places.joined(separator: "; ")) has no key for '\(service)', so it is from \(source)")
    }
}

extension HookError {
    /// The failure of an end hook in one line.
    fileprivate var atEnd: String {
        let reason = (underlying as? KeyResolutionError)?.message ?? valueFreeDescription(of: underlying)
        let plugin = "plugin '\(hook.plugin)'"
        if reason.hasPrefix("\(plugin): ") { return displayLines("\(plugin) (end)\(reason.dropFirst(plugin.count))") }
        return displayLines("\(hook.words) (end): \(reason)")
    }
}
