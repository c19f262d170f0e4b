import ExtensionHooks

/// An error told apart by a number.
struct TestFailure: Error, Hashable {
    let number: Int

    init(_ number: Int = 0) {
        self.number = number
    }
}

/// An error that a test's secret has got into, as errors of other people's code may.
struct LeakyError: Error, CustomStringConvertible, CustomDebugStringConvertible {
    static let secret = "sk-VERY-SECRET"

    var quoted = secret
    var description: String { "could not use \(quoted)" }
    var debugDescription: String { "LeakyError(\(quoted))" }
}

/// An error that promises to hold no value.
struct TidyError: ValueFreeError {
    var description: String { "the disk is full" }
}

extension Result {
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }

    var hookError: HookError? { failure as? HookError }
}
