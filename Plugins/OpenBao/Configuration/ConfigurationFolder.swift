import KeyHooks

/// The folder of a configuration file, which relative paths in it count from.
struct ConfigurationFolder: Sendable {
    private let folder: String?

    init(of configuration: KeyConfiguration) {
        folder = configuration.path.flatMap { path in
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
        }
    }

    /// The path as the process finds it; `~/` stays as it is.
    func path(_ path: String) -> String {
        guard let folder, !path.hasPrefix("/"), !path.hasPrefix("~/") else { return path }
        return folder == "/" ? "/" + path : folder + "/" + path
    }

    func reference(_ reference: SecretReference) -> SecretReference {
        if case .file(let path) = reference { .file(self.path(path)) } else { reference }
    }
}
