import JSON5Syntax
import KeyHooks

/// The variables that OpenBao's own tools read.
///
/// A `BAO_` variable that is set, even to nothing, hides the `VAULT_` one of the same name, as in OpenBao's `api` module.
struct BaoEnvironment: Sendable {
    private let process: [String: String]
    private let configuration: KeyConfiguration?

    /// - Parameters:
    ///   - process: The process environment.
    ///   - configuration: Whose dotenv files may set what is missing, which is mentioned then and not used.
    init(_ process: [String: String], _ configuration: KeyConfiguration? = nil) {
        self.process = process
        self.configuration = configuration
    }

    func value(_ name: String) -> String? { self[exactly: variable(name)] }

    /// The variable that counts, whether or not it is set.
    func variable(_ name: String) -> String {
        let isVault = process["BAO_\(name)"] == nil && process["VAULT_\(name)"] != nil
        return (isVault ? "VAULT_" : "BAO_") + name
    }

    /// What to add where a variable is missing that a dotenv file sets; nil if none does.
    ///
    /// - Parameter name: Without `BAO_` or `VAULT_`.
    /// - Returns: The remark, without a value.
    func remark(onMissing name: String) -> String? { remark(onMissing: ["BAO_\(name)", "VAULT_\(name)"]) }

    func remark(onMissing names: [String]) -> String? {
        configuration?.declaration(of: names)
            .map { name, path, line in
                "\(name) is set in \(displayText(path, limit: 4096)):\(line), and is read from the process environment only"
            }
    }

    subscript(exactly name: String) -> String? {
        process[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The user's home; never a folder that depends on the working directory, whose `.vault-token` may be anybody's.
    var home: String? { KeyConfiguration.homeFolder(process) }

    /// A path with `~/` replaced by the home.
    func expanded(_ path: String) -> String { WrittenPath.expanded(path, process) }
}

extension BaoEnvironment: CustomReflectable {
    /// Leaves the process environment out.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
