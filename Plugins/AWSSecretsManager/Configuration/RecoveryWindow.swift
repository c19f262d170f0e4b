#if AWS
import KeyHooks

/// For how long AWS keeps what is deleted.
enum RecoveryWindow: Hashable {
    case standard, none
    case days(Int)

    private static let day = Duration.seconds(86_400)

    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration` for what AWS doesn't offer.
    init(_ window: Duration?) throws(KeyResolutionError) {
        guard let window else {
            self = .standard
            return
        }
        guard window != .zero else {
            self = .none
            return
        }
        let days = window / Self.day
        guard days == days.rounded(), (7...30).contains(days) else {
            throw .invalidConfiguration(
                "AWS keeps what is deleted for 7 to 30 whole days, and not for \(window)",
                remedy: "write from \"7d\" to \"30d\", or \"0s\" to keep nothing"
            )
        }
        self = .days(Int(days))
    }
}
#endif
