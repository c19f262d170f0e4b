package import JSON5Syntax

/// Finds a value in the fields of a secret: under the first of several names that has one, or where a JSON pointer
/// points.
package enum SecretFields {
    /// A field that is there without a value, and what it is instead: null, empty or blank.
    package typealias Unset = (name: String, state: String)

    /// What a secret has under some names.
    package enum Found {
        /// A value; of a number as it was written, with what it is.
        case value(String, name: String, number: JSONNumber?)
        /// No name has a value; some may be there without one.
        case missing([Unset])
    }

    /// Names of fields that say nothing of the service, so they count only in a secret that is the service's own: in a
    /// secret for many they would give one service's key to another.
    package static let commonNames = ["api_key", "key", "value"]

    /// The names under which the answer to a request may be, in order.
    ///
    /// - Parameters:
    ///   - request: What is wanted.
    ///   - field: The field that the configuration names, in which `{service}` stands for the service; nil for none.
    ///   - isOwn: Whether the secret is the service's own.
    /// - Returns: Names, and pointers that begin with a slash.
    package static func names(for request: KeyRequest, field: String?, isOwn: Bool) -> [String] {
        if let wanted = request.field { return request.names + (isOwn ? [wanted] : []) }
        if let field { return [field.replacing("{service}", with: request.service.id)] }
        return request.names + (isOwn ? commonNames : [])
    }

    /// Refuses a setting that could never name a field: it would look like a key that is not there.
    ///
    /// - Parameters:
    ///   - field: The name or the pointer; `{service}` in it stands for the service.
    ///   - system: What the setting is of; nil for the manager.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    package static func validate(_ field: String, of system: String? = nil) throws(KeyResolutionError) {
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
        throw .invalidConfiguration("field\(system.map { " of \($0)" } ?? "") \(mistake)", remedy: "fix field")
    }

    /// Looks for a value.
    ///
    /// - Parameters:
    ///   - names: The names and pointers, in order.
    ///   - secret: The fields.
    ///   - place: The secret as it is named in errors.
    /// - Returns: The value, or which names are there without one.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration` for a field that can't be a key.
    package static func value(
        of names: [String],
        in secret: JSONNode,
        at place: String
    ) throws(KeyResolutionError) -> Found {
        var unset: [Unset] = []
        for name in names {
            guard let node = name.hasPrefix("/") ? node(at: name, in: secret) : secret[name] else { continue }
            switch node.kind {
            case .null: unset.append((name, "null"))
            case .bool: throw unfit(name, "a boolean", at: place)
            case .array: throw unfit(name, "a list", pointer: "0", at: place)
            case .object: throw unfit(name, "an object", pointer: "NAME", at: place)
            case .number(let number):
                let text = String(decoding: (try? node.jsonBytes()) ?? [], as: UTF8.self)
                return .value(text, name: name, number: number)
            case .string(let text):
                var value = text
                // Line ends at the end come from files, and no key has them.
                while let last = value.last, last.isNewline { value.removeLast() }
                // As in the environment, what is blank counts as not set.
                guard value.allSatisfy(\.isWhitespace) else { return .value(value, name: name, number: nil) }
                unset.append((name, text.isEmpty ? "empty" : "blank"))
            }
        }
        return .missing(unset)
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

    private static func unfit(
        _ name: String,
        _ kind: String,
        pointer end: String? = nil,
        at place: String
    ) -> KeyResolutionError {
        var remedy = "store the key there as a string"
        if let end {
            let pointer = name.hasPrefix("/") ? name : "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
            remedy += ", or point at it with a JSON pointer: \"field\": \"\(pointer)/\(end)\""
        }
        return .invalidConfiguration("field \(name) of \(place) is \(kind), not a key", remedy: remedy)
    }
}
