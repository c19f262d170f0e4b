import ExtensionHooks
import KeyHooks

/// A failed read, with how long the server asked to be left alone.
struct BaoFailure: ValueFreeError {
    let error: KeyResolutionError
    var retryAfter: Duration?
    var isConnectionLost = false

    var description: String { error.description }

    var handling: CacheFailureHandling {
        guard case .passing = CacheFailureHandling.standard(error) else { return .final }
        return .passing(retryAfter: retryAfter)
    }

    /// The same failure, with the proxy that the reply came through.
    func through(_ proxy: String?) -> BaoFailure {
        guard let proxy else { return self }
        var failure = BaoFailure(
            error.code,
            "\(error.message), through the proxy \(proxy)",
            remedy: error.remedy,
            retryAfter: retryAfter
        )
        failure.isConnectionLost = isConnectionLost
        return failure
    }

    init(_ error: KeyResolutionError, retryAfter: Duration? = nil) {
        self.error = error
        self.retryAfter = retryAfter
    }

    init(_ code: KeyResolutionError.Code, _ message: String, remedy: String, retryAfter: Duration? = nil) {
        self.init(KeyResolutionError(code, message, remedy: remedy), retryAfter: retryAfter)
    }

    static func handling(of error: any Error) -> CacheFailureHandling {
        (error as? BaoFailure)?.handling ?? CacheFailureHandling.standard(error)
    }
}
