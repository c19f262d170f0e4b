/// How a service wants its key in a request.
public enum ServiceAuthentication: Hashable, Sendable {
    /// In the header field `Authorization`, behind the word `Bearer`.
    case bearer

    /// Alone in a header field, such as `x-api-key`.
    case header(name: String)

    /// In the header field `Authorization`, behind a word other than `Bearer`, such as `Token`.
    case scheme(String)

    /// As a parameter of the URL's query, where logs and proxies see it.
    case query(parameter: String)

    /// In HTTP's basic authentication: the named field is the user's name, and the key the password.
    case basic(userField: String)

    /// Not at all: it signs the request, as AWS and Oracle want it.
    case signature

    /// Not at all: it is exchanged for a token of short life, which goes into `Authorization` as a bearer.
    case exchange

    /// Not at all: the service looks at no key.
    case notNeeded

    /// The header field that carries the key; nil where none carries it as it is.
    public var headerName: String? {
        switch self {
        case .bearer, .scheme, .basic: "Authorization"
        case .header(let name): name
        case .query, .signature, .exchange, .notNeeded: nil
        }
    }
}
