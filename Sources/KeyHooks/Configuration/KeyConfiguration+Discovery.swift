public import Foundation

extension KeyConfiguration {
    /// Finds the configuration of a folder.
    ///
    /// Looks for `keyhooks.json` in the folder, then in the user's configuration folder (`$XDG_CONFIG_HOME/keyhooks`,
    /// or `~/.config/keyhooks`). Unless the file found declares dotenv files, `.env` in the folder is read if it exists.
    /// Nothing is looked for in parent folders.
    ///
    /// - Parameters:
    ///   - folder: The folder; "." is the working directory.
    ///   - environment: Where `XDG_CONFIG_HOME` and `HOME` are taken from.
    /// - Returns: The configuration found; its ``path`` is nil if there is no file.
    /// - Throws: A ``KeyResolutionError`` as ``read(from:)``.
    public static func discover(
        in folder: String = ".",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let prefix = folder == "." ? "" : folder + "/"
        let candidates = [prefix + "keyhooks.json"] + (userFolder(environment).map { ["\($0)/keyhooks.json"] } ?? [])
        for path in candidates where FileManager.default.fileExists(atPath: path) {
            return try read(from: path, defaultFile: prefix + ".env")
        }
        return KeyConfiguration(envFiles: [EnvironmentFile(prefix + ".env", isRequired: false)])
    }

    /// The user's configuration folder; nil where neither `XDG_CONFIG_HOME` nor `HOME` names one.
    package static func userFolder(_ environment: [String: String]) -> String? {
        // The XDG base directory specification has relative and empty paths ignored.
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") { return "\(base)/keyhooks" }
        return environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.config/keyhooks" }
    }
}
