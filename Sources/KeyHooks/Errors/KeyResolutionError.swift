public import ExtensionHooks
import JSON5Syntax
public import LightFoundation

/// A key could not be had, and why.
///
/// The text says what was tried and how to fix it, in one or two lines, and never contains a value. `underlying` is
/// kept for code that knows its type; its text may quote anything.
public struct KeyResolutionError: ValueFreeError {
    /// The kind of failure.
    public let code: Code

    /// What went wrong, without a value.
    public let message: String

    /// One line that says how to fix it.
    public let remedy: String

    /// The service concerned, if any.
    public internal(set) var service: Service?

    /// The names tried, in order.
    public let namesTried: [String]

    /// The error that led to this one.
    public let underlying: (any Error)?

    /// Makes an error.
    ///
    /// Characters that act on a terminal are escaped in the texts, wherever they came from.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What went wrong. It must not contain a value.
    ///   - remedy: One line that says how to fix it. It is shown with a capital; a command goes behind a colon, as in
    ///     `run: chmod 600 .env`, and is shown as it is.
    ///   - service: The service concerned.
    ///   - namesTried: The names tried, in order.
    ///   - underlying: The error that led to this one.
    public init(
        _ code: Code,
        _ message: String,
        remedy: String,
        service: Service? = nil,
        namesTried: [String] = [],
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = displayLines(message)
        self.remedy = displayLines(remedy)
        self.service = service
        self.namesTried = namesTried
        self.underlying = underlying
    }

    package static func invalidConfiguration(_ message: String, remedy: String) -> KeyResolutionError {
        KeyResolutionError(.invalidConfiguration, message, remedy: remedy)
    }
}

extension KeyResolutionError: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String {
        errorText(message, cause: underlying.map { displayLines(valueFreeDescription(of: $0)) }, remedy: remedy)
    }
}

extension KeyResolutionError: CustomDebugStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var debugDescription: String { "KeyResolutionError.\(code): \(description)" }
}

extension KeyResolutionError: CustomReflectable {
    /// Leaves the underlying error out, since a mirror would show whatever it holds.
    public var customMirror: Mirror {
        Mirror(self, children: ["code": code.description, "message": message, "remedy": remedy])
    }
}

extension KeyResolutionError: LocalizedError {
    /// The same text as ``description``, for code that logs `localizedDescription`.
    public var errorDescription: String? { description }

    /// The remedy.
    public var recoverySuggestion: String? { remedy }
}

extension KeyResolutionError {
    /// The kind of a ``KeyResolutionError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind; short and stable, fit for a metric's label.
        public let description: String

        private init(_ name: String) { description = name }

        /// Nobody has a key.
        ///
        /// Only calls that insist on one throw this.
        public static var absent: Self { Self("absent") }

        /// The service works without a key, and none is set.
        ///
        /// Only calls that insist on one throw this.
        public static var notRequired: Self { Self("notRequired") }

        /// Somebody who may decide it refused.
        ///
        /// It is never answered from a weaker source.
        public static var denied: Self { Self("denied") }

        /// The source could not be reached or could not answer now.
        public static var unavailable: Self { Self("unavailable") }

        /// The source couldn't be distinguished from an impostor: its certificate isn't trusted, or it does not speak
        /// TLS.
        ///
        /// It is never answered from a weaker source, since whoever sits in between could bring that about.
        public static var insecure: Self { Self("insecure") }

        /// The source answered with what was true before something newer was seen, or with what has ended.
        ///
        /// It is never answered from a weaker source, since one server of several could bring that about.
        public static var outdated: Self { Self("outdated") }

        /// The source does not accept our own credentials.
        public static var unauthenticated: Self { Self("unauthenticated") }

        /// Somebody else may have read a credential on its way to us.
        ///
        /// It is an alarm: nothing is asked again with that credential, and no other source answers.
        public static var intercepted: Self { Self("intercepted") }

        /// The secret store is sealed.
        public static var sealed: Self { Self("sealed") }

        /// A file or setting is wrong.
        public static var invalidConfiguration: Self { Self("invalidConfiguration") }

        /// The name isn't a valid service id.
        public static var invalidService: Self { Self("invalidService") }

        /// The scope of the request cannot be used, or lacks what the configuration needs.
        public static var invalidScope: Self { Self("invalidScope") }

        /// The name isn't a valid name of a secret.
        public static var invalidSecretName: Self { Self("invalidSecretName") }

        /// A secret is no longer as the writer thinks, and was not written.
        public static var conflict: Self { Self("conflict") }

        /// The secret manager can't do what is asked of it.
        public static var unsupported: Self { Self("unsupported") }

        /// The service has no such field.
        public static var unknownField: Self { Self("unknownField") }

        /// A hook failed.
        public static var pluginFailed: Self { Self("pluginFailed") }

        /// A hook did not answer in time.
        public static var timedOut: Self { Self("timedOut") }
    }
}

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
            self.service = error.service ?? service
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

/// What went wrong and what fixes it, as one text.
///
/// The remedy begins a sentence and gets a capital. What stands behind a colon in it, such as a command or a hint, is
/// there to be copied: nothing of it is changed, and no full stop follows that would be copied with it.
///
/// - Parameters:
///   - message: What went wrong.
///   - cause: The error that led to it; nil for none.
///   - remedy: How to fix it, in words of our own up to the first colon.
/// - Returns: The text.
package func errorText(_ message: String, cause: String? = nil, remedy: String) -> String {
    // A plugin's author may or may not have ended the sentences.
    let message = trimmed(message)
    // A cause that begins with the message says it again.
    let cause = cause.flatMap { $0.hasPrefix(message) ? nil : $0 }
    let end = cause == nil && message.hasSuffix("?") ? "" : "."
    let isForCopying = remedy.contains(": ")
    let last = isForCopying ? remedy[...] : trimmed(remedy)
    let lastEnd = isForCopying || last.hasSuffix("?") ? "" : "."
    let first = "\(message)\(cause.map { " (\($0))" } ?? "")\(end)"
    return "\(first) \(last.prefix(1).uppercased())\(last.dropFirst())\(lastEnd)"
}

private func trimmed(_ sentence: String) -> Substring {
    var text = sentence[...]
    while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
    return text
}
