#if AWS
import KeyHooks

/// The variables that AWS's programs read; an empty one counts as none.
struct AWSEnvironment: Sendable, CustomReflectable {
    let variables: [String: String]

    init(_ variables: [String: String]) { self.variables = variables }

    subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A path in which `~/` and `$NAME` are replaced.
    func path(_ written: String) -> String {
        var path = ""
        var rest = written[...]
        while let dollar = rest.firstIndex(of: "$") {
            path += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            let isBraced = rest.first == "{"
            let name = rest.dropFirst(isBraced ? 1 : 0)
                .prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let end = isBraced ? rest[name.endIndex...].first == "}" : true
            guard !name.isEmpty, end, let value = variables[String(name)] else {
                path += "$"
                continue
            }
            path += value
            rest = rest[name.endIndex...].dropFirst(isBraced ? 1 : 0)
        }
        return WrittenPath.expanded(path + rest, variables)
    }

    var configFile: String { path(self["AWS_CONFIG_FILE"] ?? "~/.aws/config") }

    var credentialsFile: String { path(self["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials") }

    /// The folder of the tokens that `aws sso login` gets.
    var tokenFolder: String { path("~/.aws/sso/cache") }

    /// The profile that a variable names.
    ///
    /// That of boto3 comes first, as botocore has it.
    var profile: (name: String, variable: String)? {
        for variable in ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"] {
            if let name = self[variable] { return (name, variable) }
        }
        return nil
    }

    /// The names of variables and no value.
    var customMirror: Mirror { Mirror(self, children: ["names": variables.keys.filter { $0.hasPrefix("AWS_") }]) }
}
#endif
