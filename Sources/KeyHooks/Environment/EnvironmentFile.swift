import DotenvSyntax

/// A dotenv file that a resolver reads.
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
    public init(stringLiteral path: String) { self.init(path) }
}

/// Who wins when the process environment and a file set the same variable; more rules may come.
public struct EnvironmentPrecedence: RawRepresentable, Hashable, Sendable, CaseIterable, Codable {
    /// The word for it in a configuration.
    public let rawValue: String

    private init(_ word: String) { rawValue = word }

    /// Takes the word for a rule; nil if it is none.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// The rules that there are.
    public static var allCases: [Self] { [process, files] }

    /// The process environment, as in node's and Ruby's dotenv.
    ///
    /// It is the default.
    public static let process = Self("process")

    /// The files, as in Agent Zero and aider.
    public static let files = Self("files")
}

extension KeyConfiguration {
    /// Where a declared dotenv file sets one of several variables, for a plugin that reads its own from the process
    /// environment only and lacks one.
    ///
    /// The files are read anew, pipes are not: nothing would come of them twice.
    ///
    /// - Parameter names: The variables, the preferred first.
    /// - Returns: The variable, the path of the file and the line; never a value. Nil if none sets one.
    package func declaration(of names: [String]) -> (name: String, path: String, line: Int)? {
        for file in envFiles.reversed() {
            let limit = DotenvFile.Options().maximumBytes
            guard let read = try? FileReading.read(file.path, limit: limit, believing: true, found: file.isUndeclared),
                let contents = try? DotenvFile(parsing: read.bytes)
            else { continue }
            for name in names {
                guard let entry = contents.entry(named: name), entry.value?.isEmpty == false else { continue }
                return (name, file.path, entry.line)
            }
        }
        return nil
    }
}
