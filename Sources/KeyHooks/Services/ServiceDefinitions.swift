/// What the catalogue knows of one service.
public struct ServiceDefinition: Hashable, Sendable {
    /// The name of an environment variable and what is known of it.
    public struct VariableName: Hashable, Sendable {
        /// Why a name is tried.
        package enum Tier: String, Hashable, Sendable, Codable {
            /// The configuration names it for the service.
            case configured

            /// The catalogue names it for the service.
            case service

            /// It follows from the id, as in `<ID>_API_KEY`.
            case generic
        }

        /// The variable.
        public let name: String

        /// Why it is tried.
        package let tier: Tier

        /// Whether it also serves purposes other than this service, as `GITHUB_TOKEN` does.
        public let isShared: Bool

        /// Letters for the projects that read it; the catalogue's data file says which.
        public let readBy: String
    }

    /// The canonical id.
    public let service: Service

    /// Other ids for the same service and account.
    public internal(set) var aliases: [Service] = []

    /// The variables of the main key in the order in which they are tried.
    public internal(set) var variables: [VariableName] = []

    /// What is answered in place of variables.
    var constant: ConstantKey?

    /// The named fields of a service whose credentials are more than one value, each with its variables in order.
    public internal(set) var fields: [String: [VariableName]] = [:]

    /// The fields that do in place of the main key, each list all that is needed: for `bedrock` the access key
    /// pair, or a profile and a region.
    public internal(set) var credentials: [[String]] = []

    /// Whether the service refuses to work without a key; false for local servers.
    public internal(set) var isKeyRequired = true

    /// Ids of the same vendor that are different accounts, whose keys must not be mixed up with this one's.
    public internal(set) var separateAccounts: [Service] = []

    /// What ``KeyResolver/getAPIKey(service:scope:maximumAge:refresh:)`` returns where that is not obvious, and other
    /// remarks.
    public internal(set) var note: String?

    /// Whether the environment may not answer, by ``ProviderSettings/only``; the names still say what a field may be
    /// called.
    var isEnvironmentClosed = false

    /// Whether the catalogue or the configuration lists the service; false if only the generic rule applies.
    public internal(set) var isListed = true
}

extension ServiceDefinition {
    /// The variables that are read for the main key.
    var readVariables: [VariableName] { isEnvironmentClosed ? [] : variables }

    /// The variables that are read for a field.
    func readVariables(of field: String) -> [VariableName] { isEnvironmentClosed ? [] : fields[field] ?? [] }
}

/// A key that the configuration or the program gives for a service.
struct ConstantKey: Hashable, Sendable {
    let key: APIKey

    init(_ key: APIKey) { self.key = key }

    // A hash would say something about the value.
    func hash(into hasher: inout Hasher) {}
}

/// How a service wants its key in a request; more forms may come.
public struct ServiceAuthentication: Hashable, Sendable {
    /// The form: `bearer`, `header`, `scheme`, `query`, `basic`, `signature`, `exchange` or `none`.
    public let form: String

    /// The name that belongs to the form: of the header field, the scheme, the parameter or the field with the user's
    /// name; nil for the other forms.
    public let name: String?

    init(_ form: String, _ name: String? = nil) {
        self.form = form
        self.name = name
    }

    /// In the header field `Authorization`, behind the word `Bearer`.
    public static let bearer = Self("bearer")

    /// Alone in a header field, such as `x-api-key`.
    public static func header(name: String) -> Self { Self("header", name) }

    /// In the header field `Authorization`, behind a word other than `Bearer`, such as `Token`.
    public static func scheme(_ word: String) -> Self { Self("scheme", word) }

    /// As a parameter of the URL's query, where logs and proxies see it.
    public static func query(parameter: String) -> Self { Self("query", parameter) }

    /// In HTTP's basic authentication: the named field is the user's name, and the key the password.
    public static func basic(userField: String) -> Self { Self("basic", userField) }

    /// Not at all: it signs the request, as AWS and Oracle want it.
    public static let signature = Self("signature")

    /// Not at all: it is exchanged for a token of short life, which goes into `Authorization` as a bearer.
    public static let exchange = Self("exchange")

    /// Not at all: the service looks at no key.
    public static let notNeeded = Self("none")

    /// The header field that carries the key; nil where none carries it as it is.
    public var headerName: String? {
        form == "header" ? name : ["bearer", "scheme", "basic"].contains(form) ? "Authorization" : nil
    }
}

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
