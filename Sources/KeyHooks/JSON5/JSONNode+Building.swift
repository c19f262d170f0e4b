extension JSONNode {
    /// The literal `null`.
    package static let null = JSONNode(.null)

    /// A boolean that comes from no file.
    package static func bool(_ value: Bool) -> JSONNode { JSONNode(.bool(value)) }

    /// An integer that comes from no file.
    package static func integer(_ value: some BinaryInteger) -> JSONNode {
        JSONNode(.number(Int64(exactly: value).map(JSONNumber.integer) ?? .double(Double(value))))
    }

    /// A floating-point number that comes from no file.
    package static func double(_ value: Double) -> JSONNode { JSONNode(.number(.double(value))) }

    /// A string that comes from no file.
    package static func string(_ value: String) -> JSONNode { JSONNode(.string(value)) }

    /// An array that comes from no file.
    package static func array(_ elements: [JSONNode]) -> JSONNode { JSONNode(.array(elements)) }

    /// An object that comes from no file; the caller sees to it that no name occurs twice.
    package static func object(_ members: KeyValuePairs<String, JSONNode>) -> JSONNode {
        JSONNode(.object(members.map { JSONMember($0.key, $0.value) }))
    }
}
