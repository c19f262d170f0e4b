import JSON5Syntax
import KeyHooks

/// Which field of a secret holds a key: the first of several names that is set, or what a JSON pointer points at.
struct FieldSelector: Hashable, Sendable {
    /// What a secret has for the choice.
    enum Value {
        /// A value. OpenBao keeps a number as a 64-bit floating-point one, so one of more digits than that holds, or
        /// with a fraction, may have been another when it was stored.
        case found(name: String, value: String, mayBeRounded: Bool)
        /// No name has a value; with the fields that are there and have none.
        case missing([UnsetField])
        /// The field is there, and isn't text.
        case unfit(name: String, UnfitKind)
    }

    /// A field that is there without a value.
    struct UnsetField {
        let name: String
        /// As it follows "is": null, empty or blank.
        let state: String
    }

    enum UnfitKind: String {
        case boolean = "a boolean"
        case list = "a list"
        case object = "an object"
    }

    /// The names tried, in order.
    let names: [String]

    init(names: [String]) {
        self.names = names
    }

    /// Refuses a setting that could never name a field: it would look like a key that is not there.
    static func validate(_ field: String) throws(KeyResolutionError) {
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
        guard let mistake else { return }
        throw KeyResolutionError(.invalidConfiguration, "field of OpenBao \(mistake)", remedy: "fix field")
    }

    func value(in fields: JSONNode) -> Value {
        var unset: [UnsetField] = []
        for name in names {
            guard let node = name.hasPrefix("/") ? pointed(by: name, in: fields) : fields[name] else { continue }
            switch node.kind {
            case .null: unset.append(UnsetField(name: name, state: "null"))
            case .bool: return .unfit(name: name, .boolean)
            case .array: return .unfit(name: name, .list)
            case .object: return .unfit(name: name, .object)
            case .number(let number):
                let value = String(decoding: (try? node.jsonBytes()) ?? [], as: UTF8.self)
                return .found(name: name, value: value, mayBeRounded: number.mayBeRounded)
            case .string(let text):
                let value = Self.withoutLineEnds(text)
                // As in the environment, what is blank counts as not set.
                guard value.allSatisfy(\.isWhitespace) else {
                    return .found(name: name, value: value, mayBeRounded: false)
                }
                unset.append(UnsetField(name: name, state: text.isEmpty ? "empty" : "blank"))
            }
        }
        return .missing(unset)
    }

    /// RFC 6901: segments parted by `/`, in which `~1` stands for `/` and `~0` for `~`.
    private func pointed(by pointer: String, in fields: JSONNode) -> JSONNode? {
        var node = fields
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

    /// Line ends at the end come from files, and no key has them.
    private static func withoutLineEnds(_ text: String) -> String {
        var text = text
        while let last = text.last, last.isNewline { text.removeLast() }
        return text
    }
}

extension JSONNumber {
    /// Whether a server that keeps numbers as `Double` may have got another one.
    fileprivate var mayBeRounded: Bool {
        guard case .integer(let value) = self else { return true }
        return value.magnitude >= 1 << 53
    }
}
