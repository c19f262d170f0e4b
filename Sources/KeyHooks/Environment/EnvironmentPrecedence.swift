/// Who wins when the process environment and a file set the same variable.
public enum EnvironmentPrecedence: String, Hashable, Sendable, CaseIterable, Codable {
    /// The process environment, as in node's and Ruby's dotenv. The default.
    case process

    /// The files, as in Agent Zero and aider.
    case files
}
