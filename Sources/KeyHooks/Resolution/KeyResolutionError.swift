public import ExtensionHooks
import JSON5Syntax
public import LightFoundation

/// A key could not be had, and why.
///
/// The text says what was tried and how to mend it, in one or two lines, and never contains a value. `underlying` is
/// kept for code that knows its type; its text may quote anything.
public struct KeyResolutionError: ValueFreeError {
    /// The kind of failure.
    public let code: Code

    /// What went wrong, without a value.
    public let message: String

    /// One line that says how to mend it.
    public let remedy: String

    /// The service concerned, if any.
    public let service: Service?

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
    ///   - remedy: One line that says how to mend it. It is shown with a capital; a command goes behind a colon, as in
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

    static func invalidConfiguration(_ message: String, remedy: String) -> KeyResolutionError {
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
