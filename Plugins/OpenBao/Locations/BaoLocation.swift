import JSON5Syntax
import KeyHooks

/// Where the key of one request is: the secret, and the first of several fields that is set.
struct BaoLocation: Sendable {
    let address: SecretAddress

    /// The fields that are tried, in order: names, or with a leading `/` JSON pointers.
    let fields: [String]

    /// Whether the path belongs to the service alone.
    let isOwn: Bool

    /// Whether the configuration says that this very service's key is there: by a path, a field, or the plugin's name.
    let isSaid: Bool
}

extension BaoLocation {
    /// Picks the key out of a secret.
    ///
    /// - Parameters:
    ///   - secret: Its fields.
    ///   - remarks: Where to note what is odd about the value.
    /// - Returns: The key, or why there is none.
    /// - Throws: A `KeyResolutionError` for a field that isn't text.
    func key(in secret: JSONNode, _ remarks: ValueRemarks) throws(KeyResolutionError) -> SourceKey {
        let unset: [FieldAdvice.UnsetField]
        switch try SecretFields.value(of: fields, in: secret, at: address.place) {
        case .value(let value, let name, let number):
            if number?.mayBeRounded == true { remarks.note(roundedNumber: name, in: address.place) }
            return .found(value, name: name)
        case .missing(let known): unset = known
        }
        let advice = FieldAdvice(location: self)
        let isUsual = unset.isEmpty && !isSaid && !advice.hasClue(in: secret)
        return .absent(advice.reason(unset: unset, in: secret), remedy: advice.remedy(), isUsual: isUsual)
    }
}

extension JSONNumber {
    /// Whether OpenBao, which keeps a number as a 64-bit floating-point one, may have got another when it was stored.
    fileprivate var mayBeRounded: Bool {
        guard case .integer(let value) = self else { return true }
        return value.magnitude >= 1 << 53
    }
}
