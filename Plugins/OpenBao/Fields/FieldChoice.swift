import KeyHooks

/// Which field of a secret holds a key: the first of several names that is set, or what a JSON pointer points at.
struct FieldChoice: Hashable, Sendable {
    /// What a secret has for the choice.
    enum Value {
        case found(name: String, value: String)
        case missing
        /// The field is there, and is not a single value.
        case structured(name: String)
        /// The field is a number of which it can't be told how it was written.
        case inexact(name: String)
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
        for name in names {
            guard let node = name.hasPrefix("/") ? pointed(by: name, in: fields) : fields[name] else { continue }
            switch node.kind {
            case .null: continue
            case .array, .object: return .structured(name: name)
            // OpenBao itself makes large numbers 1.2e+19, and 1.50 is 1.5 once it was read.
            case .number(.double): return .inexact(name: name)
            default:
                let text = Self.text(of: node)
                // As in the environment, what is blank counts as not set.
                if text.allSatisfy(\.isWhitespace) { continue }
                return .found(name: name, value: text)
            }
        }
        return .missing
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

    /// The value as it was written.
    ///
    /// Line ends at the end are dropped: they come from files and no key has them.
    private static func text(of node: JSONNode) -> String {
        var text = node.string ?? (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        while let last = text.last, last.isNewline { text.removeLast() }
        return text
    }
}
