extension JSONObjectReader {
    /// Parses a document and decodes it by a closure.
    ///
    /// - Parameters:
    ///   - bytes: The document as UTF-8.
    ///   - limits: What the document may cost.
    ///   - decode: Reads the keys it knows; all others are mistakes.
    /// - Returns: What the closure returned.
    /// - Throws: All mistakes in the document, or the one that keeps it from being parsed.
    package static func decode<Value>(
        _ bytes: some Collection<UInt8>,
        limits: JSON5.Limits = JSON5.Limits(),
        _ decode: (inout JSONObjectReader) -> Value
    ) throws(ConfigurationMistakes) -> Value {
        let node: JSONNode
        do {
            node = try JSON5.parse(bytes, limits: limits)
        } catch {
            throw ConfigurationMistakes([ConfigurationMistake(error)])
        }
        return try self.decode(node, decode)
    }

    /// Decodes a value that should be an object by a closure.
    ///
    /// - Parameters:
    ///   - node: The value.
    ///   - path: Where the value is, when it is a section of a larger document.
    ///   - decode: Reads the keys it knows; all others are mistakes.
    /// - Returns: What the closure returned.
    /// - Throws: All mistakes in the value.
    package static func decode<Value>(
        _ node: JSONNode,
        path: ConfigurationPath = .root,
        _ decode: (inout JSONObjectReader) -> Value
    ) throws(ConfigurationMistakes) -> Value {
        var reader = JSONObjectReader(node, path: path)
        let value = decode(&reader)
        let mistakes = reader.finish()
        guard mistakes.isEmpty else { throw ConfigurationMistakes(mistakes) }
        return value
    }
}
