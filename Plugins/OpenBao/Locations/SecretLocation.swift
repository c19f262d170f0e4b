import JSON5Syntax
import KeyHooks

/// Where the key of one request is: the secret, and the first of several fields that is set.
struct SecretLocation: Sendable {
    let address: SecretAddress

    /// The fields that are tried, in order: names, or with a leading `/` JSON pointers.
    let fields: [String]

    /// Whether the path belongs to the service alone.
    let isOwn: Bool

    /// Whether the configuration says that this very service's key is there: by a path, a field, or the plugin's name.
    let isSaid: Bool

    /// Refuses a setting that could never name a field: it would look like a key that is not there.
    static func validate(field: String) throws(KeyResolutionError) {
        let rest = field.replacing("{service}", with: "")
        let isPointer = field.hasPrefix("/")
        let mistake: String? =
            if field.isEmpty {
                "is empty"
            } else if rest.contains("{") {
                "has a '{' that does not begin {service}"
            } else if isPointer, rest.replacing("~0", with: "").replacing("~1", with: "").contains("~") {
                "isn't a JSON pointer: '~' is written as ~0 and '/' within a name as ~1"
            } else {
                nil
            }
        if let mistake { throw .invalidConfiguration("field of OpenBao \(mistake)", remedy: "fix field") }
    }
}

extension SecretLocation {
    /// Picks the key out of a secret.
    ///
    /// - Parameters:
    ///   - secret: Its fields.
    ///   - remarks: Where to note what is odd about the value.
    /// - Returns: The key, or why there is none.
    /// - Throws: A `KeyResolutionError` for a field that isn't text.
    func key(in secret: JSONNode, _ remarks: ValueRemarks) throws(KeyResolutionError) -> SourceKey {
        var unset: [FieldAdvice.UnsetField] = []
        for name in fields {
            guard let node = name.hasPrefix("/") ? Self.node(at: name, in: secret) : secret[name] else { continue }
            switch node.kind {
            case .null: unset.append((name, "null"))
            case .bool: throw unfit(name, "a boolean")
            case .array: throw unfit(name, "a list", pointer: "0")
            case .object: throw unfit(name, "an object", pointer: "NAME")
            case .number(let number):
                if number.mayBeRounded { remarks.note(roundedNumber: name, in: address.place) }
                return .found(String(decoding: (try? node.jsonBytes()) ?? [], as: UTF8.self), name: name)
            case .string(let text):
                var value = text
                // Line ends at the end come from files, and no key has them.
                while let last = value.last, last.isNewline { value.removeLast() }
                // As in the environment, what is blank counts as not set.
                guard value.allSatisfy(\.isWhitespace) else { return .found(value, name: name) }
                unset.append((name, text.isEmpty ? "empty" : "blank"))
            }
        }
        let advice = FieldAdvice(location: self)
        let isUsual = unset.isEmpty && !isSaid && !advice.hasClue(in: secret)
        return .absent(advice.reason(unset: unset, in: secret), remedy: advice.remedy(), isUsual: isUsual)
    }

    /// RFC 6901: segments parted by `/`, in which `~1` stands for `/` and `~0` for `~`.
    private static func node(at pointer: String, in secret: JSONNode) -> JSONNode? {
        var node = secret
        for segment in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(segment).replacing("~1", with: "/").replacing("~0", with: "~")
            if let elements = node.elements {
                guard let index = Int(name), String(index) == name, elements.indices.contains(index) else { return nil }
                node = elements[index]
            } else {
                guard let member = node[name] else { return nil }
                node = member
            }
        }
        return node
    }

    private func unfit(_ name: String, _ kind: String, pointer end: String? = nil) -> KeyResolutionError {
        var remedy = "store the key there as a string"
        if let end {
            let pointer = name.hasPrefix("/") ? name : "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
            remedy += ", or point at it with a JSON pointer: \"field\": \"\(pointer)/\(end)\""
        }
        return .invalidConfiguration("field \(name) of \(address.place) is \(kind), not a key", remedy: remedy)
    }
}

extension JSONNumber {
    /// Whether OpenBao, which keeps a number as a 64-bit floating-point one, may have got another when it was stored.
    fileprivate var mayBeRounded: Bool {
        guard case .integer(let value) = self else { return true }
        return value.magnitude >= 1 << 53
    }
}
