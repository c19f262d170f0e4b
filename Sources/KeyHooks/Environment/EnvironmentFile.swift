/// A dotenv file that a resolver is told to read.
public struct EnvironmentFile: Hashable, Sendable {
    /// Where it is; a relative path counts from the working directory.
    public var path: String

    /// Whether it is an error if the file does not exist.
    public var isRequired: Bool

    /// Whether nobody named it: the `.env` that is read where no file is declared.
    public internal(set) var isUndeclared = false

    /// Declares a dotenv file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - isRequired: Whether it is an error if the file does not exist.
    public init(_ path: String, isRequired: Bool = true) {
        self.path = path
        self.isRequired = isRequired
    }

    /// The file that is read where none is declared.
    init(undeclared path: String) {
        self.init(path, isRequired: false)
        isUndeclared = true
    }
}

extension EnvironmentFile: ExpressibleByStringLiteral {
    /// Declares a file that has to exist.
    public init(stringLiteral path: String) {
        self.init(path)
    }
}
