import ExtensionHooks
import JSON5Syntax

extension HookID {
    /// What it is called in a sentence: by its plugin, unless it is one of several hooks.
    var words: String { displayText(rawValue == plugin.rawValue ? "plugin '\(plugin)'" : "hook '\(rawValue)'") }
}

extension KeyResolutionError {
    /// Turns what came out of the hooks into an error that callers can switch on; never into an absence.
    init(_ error: any Error, for service: Service) {
        switch error {
        case let error as KeyResolutionError:
            self = error
        case let error as HookError where error.underlying is KeyResolutionError && error.phase == .start:
            self.init(error.underlying, for: service)
        case let error as HookError where error.underlying is HookDeadlineExceeded:
            self.init(late: error.hook, for: service, underlying: error)
        case is HookError, is HookRecursionError:
            self.init(
                .pluginFailed,
                "a plugin failed for '\(service)'",
                remedy: "fix the plugin, or switch plugins off to see what the environment has",
                service: service,
                underlying: error
            )
        default:
            // A hook that sets a failure denies, whatever type of error it chose.
            self.init(
                .denied,
                "a plugin denied the key of '\(service)'",
                remedy: "ask whoever runs the plugin; a denied key is never taken from elsewhere",
                service: service,
                underlying: error
            )
        }
    }

    /// A hook exceeded its deadline.
    private init(late hook: HookID, for service: Service, underlying: any Error) {
        self.init(
            .timedOut,
            "\(hook.words) took too long for '\(service)'",
            remedy: "raise its deadline, or see why its source is slow",
            service: service,
            underlying: underlying
        )
    }

    /// What a hook threw, as far as it says what kind of failure it is; nil for all else.
    init?(thrown error: any Error, by hook: HookID, for service: Service) {
        switch error {
        case let error as KeyResolutionError: self = error
        case is HookDeadlineExceeded: self.init(late: hook, for: service, underlying: error)
        default: return nil
        }
    }

    /// The error for a caller who insists on the key of a service that works without one.
    init(notRequiredBy service: Service) {
        self.init(
            .notRequired,
            "'\(service)' requires no key, and none is set",
            remedy: "send none, or ask with getAPIKey(service:), which returns nil here",
            service: service
        )
    }

    /// Makes the error for a caller who insists on a key that nobody has.
    ///
    /// - Parameters:
    ///   - absence: What was tried.
    ///   - service: The service.
    ///   - field: The named field that was wanted; nil for the main key.
    public init(_ absence: KeyAbsence, of service: Service, field: String? = nil) {
        let names = absence.namesTried
        let wanted = field.map { "'\(displayText($0))'" } ?? "key"
        let all = names.joined(separator: ", ")
        let tried = names.isEmpty ? "" : ": tried \(all)"
        // A source that looked for the same names need not repeat them.
        let sources = absence.placesTried.map { names.count > 1 ? $0.replacing(all, with: "of these names") : $0 }
        let places = sources.isEmpty ? "" : " in \(sources.joined(separator: ", "))"
        let rewritten = absence.rewrittenTo.map { ", which a plugin changed to '\($0)'" } ?? ""
        let isGuess = absence.suggestion != nil
        let question =
            absence.hint.map { "\($0). \(isGuess ? "Otherwise" : "For a main key") " }
            ?? absence.suggestion.map { "did you mean '\($0)'? Otherwise " } ?? ""
        self.init(
            .absent,
            (["no \(wanted) for '\(service)'\(rewritten)\(tried)\(places)"] + absence.remarks).joined(separator: "; "),
            remedy: absence.isOfVariable
                ? absence.hint ?? ""
                : question
                    + (absence.remedy ?? names.first.map { "set \($0) \(KeyEnvironment.placesToSet(absence))" }
                        ?? "ask the plugin that answered, which says there is none"),
            service: service,
            namesTried: names
        )
    }
}
