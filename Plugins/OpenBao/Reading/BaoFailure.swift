import ExtensionHooks
import KeyHooks

/// A failed read, with how long the server asked to be left alone.
struct BaoFailure: ValueFreeError {
    let error: KeyResolutionError
    var retryAfter: Duration?
    var isConnectionLost = false

    /// Whether a good value is kept although the failure is one that no weaker source may answer for.
    var keepsValues = false

    var description: String { error.description }

    /// Whether it is an outage: what a weaker source may answer for, if that is allowed.
    var isOutage: Bool { if case .passing = CacheFailureHandling.standard(error) { true } else { false } }

    /// What the cache makes of it.
    var handling: CacheFailureHandling { isOutage || keepsValues ? .passing(retryAfter: retryAfter) : .final }

    /// The same failure, with the proxy that the reply came through.
    func through(_ proxy: String?) -> BaoFailure {
        guard let proxy else { return self }
        return with(message: "\(error.message), through the proxy \(proxy)")
    }

    /// The same failure, with a remark after the message.
    func remarking(_ remark: String) -> BaoFailure { with(message: "\(error.message); \(remark)") }

    /// The same failure, with where a token is from that the server doesn't accept.
    func ofToken(_ origin: String) -> BaoFailure {
        error.code == .unauthenticated ? with(message: "\(error.message) (the one \(origin))") : self
    }

    /// The same failure, where others were asked in vain as well.
    func andOthers(_ count: Int) -> BaoFailure {
        with(
            message: "\(error.message); nor did \(count == 1 ? "the other address" : "\(count) other addresses") answer"
        )
    }

    private func with(message: String) -> BaoFailure {
        var failure = BaoFailure(error.code, message, remedy: error.remedy, retryAfter: retryAfter)
        failure.isConnectionLost = isConnectionLost
        failure.keepsValues = keepsValues
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
