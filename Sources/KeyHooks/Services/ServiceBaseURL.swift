/// The URL to which a service's own paths are added, such as `https://api.openai.com/v1`.
///
/// It ends without a slash. Where the vendor's URL has a part of the user's own, a field of the service stands in
/// braces, as in `https://bedrock-runtime.{region}.amazonaws.com`; a field that is a whole URL may begin it, as in
/// `{host}/serving-endpoints`.
public struct ServiceBaseURL: Hashable, Sendable {
    /// The URL with its placeholders.
    public let template: String

    /// Letters for where it is from; `endpoints.json` says what they mean.
    public let sources: String

    /// The fields whose values are wanted, in order; none for most services.
    public var placeholders: [String] {
        var names: [String] = []
        for part in template.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            let name = String(part.prefix { $0 != "}" })
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The URL with values in place of the placeholders.
    ///
    /// The values are put in as they are, but for a slash at the end of one. They are the user's own settings and not
    /// secret.
    ///
    /// - Parameter fields: Values by the names of fields; more than are wanted do no harm.
    /// - Returns: The URL; nil if a value is missing or empty.
    public func filled(with fields: [String: String] = [:]) -> String? {
        var url = template
        for name in placeholders {
            guard let value = fields[name], !value.isEmpty else { return nil }
            url = url.replacing("{\(name)}", with: value.hasSuffix("/") ? String(value.dropLast()) : value)
        }
        return url
    }
}

extension ServiceBaseURL: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { template }
}
