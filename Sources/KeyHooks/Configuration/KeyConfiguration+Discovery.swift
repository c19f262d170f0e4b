import JSON5Syntax
public import LightFoundation

extension KeyConfiguration {
    /// Finds the configuration of a folder.
    ///
    /// The file that `KEYHOOKS_CONFIG` names comes first. Without the variable this looks for `keyhooks.json` in the
    /// folder, then in the user's configuration folder (`$XDG_CONFIG_HOME/keyhooks`, or `~/.config/keyhooks`). Unless
    /// the file declares dotenv files, `.env` in the folder is read if it exists, also where `KEYHOOKS_CONFIG` names
    /// the file: to read none, say `"envFiles": []` in it or pass nil for the folder. Nothing is looked for in parent
    /// folders.
    ///
    /// `KEYHOOKS_CONFIG` holds an absolute path, or one that begins with `~/`. A relative one would believe a file in
    /// every folder that is entered.
    ///
    /// A `keyhooks.json` in the folder may have come with somebody else's repository, and it decides which programs run
    /// and where credentials go. It is obeyed once the user ran `keyhooks trust`, which records its path and its
    /// SHA-256, and no longer when it changes. **A server or a container**, where nobody runs that command, names its
    /// file: set `KEYHOOKS_CONFIG=/app/keyhooks.json`, or call ``read(from:environment:plugins:)``. The user's own file
    /// and files that are named need no trust. A file that another user owns or can change is refused in any case.
    ///
    /// - Parameters:
    ///   - folder: The folder; "." is the working directory. With nil nothing is looked for but the file that is named
    ///     and the user's own, and no `.env` is read: for programs that are started in folders nobody has looked at.
    ///   - environment: Where `KEYHOOKS_CONFIG`, `XDG_CONFIG_HOME` and `HOME` are taken from.
    ///   - plugins: The sources of plugins that look at their sections if there are mistakes elsewhere, so that all are
    ///     reported at once; a resolver has them look in any case.
    /// - Returns: The configuration found; its ``path`` is nil if there is no file.
    /// - Throws: A ``KeyResolutionError`` as ``read(from:environment:plugins:)``, and with the same code for a file
    ///   that isn't trusted.
    public static func discover(
        in folder: String? = ".",
        environment: [String: String] = ProcessInfo.processInfo.environment,
        plugins: [any PluginSource] = []
    ) throws(KeyResolutionError) -> KeyConfiguration {
        try discover(in: folder, ConfigurationReading(environment: environment, plugins: plugins))
    }

    package static func discover(
        in folder: String?,
        _ reading: ConfigurationReading
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let environment = reading.environment
        try checkUserFolder(environment)
        let prefix = folder.map { $0 == "." ? "" : $0 + "/" }
        let defaultFile = prefix.map { $0 + ".env" }
        var reading = reading
        reading.defaultFile = defaultFile
        if let named = environment["KEYHOOKS_CONFIG"], !named.isEmpty {
            return try read(namedByVariable: named, reading)
        }
        let own = ownFile(environment)
        if let path = prefix.map({ $0 + "keyhooks.json" }), isThere(path), !isSameFile(path, own) {
            return try found(path, TrustStore(environment: environment), reading)
        }
        let unread = neighbours(in: prefix)
        if let own, isThere(own) {
            var configuration = try read(from: own, reading)
            configuration.unread = unread
            return configuration
        }
        var configuration = KeyConfiguration(envFiles: (defaultFile.map { [EnvironmentFile(undeclared: $0)] }) ?? [])
        configuration.unread = unread + neighbours(in: userFolder(environment).map { "\($0)/" }, ["config.json"])
        return configuration
    }

    /// Files in a folder without a `keyhooks.json` that somebody may have written for it.
    private static func neighbours(in prefix: String?, _ others: [String] = []) -> [String] {
        guard let prefix else { return [] }
        let names = ["jsonc", "json5", "yaml", "yml", "toml"].map { "keyhooks.\($0)" } + [".keyhooks.json"] + others
        return names.map { prefix + $0 }.filter(isThere)
    }

    /// Reads the file that `KEYHOOKS_CONFIG` names; what is wrong with it is said of the variable.
    private static func read(
        namedByVariable path: String,
        _ reading: ConfigurationReading
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let path = WrittenPath.expanded(path, reading.environment)
        guard path.hasPrefix("/") else {
            let why =
                path.hasPrefix("~")
                ? "only your own home folder, '~/', is replaced in it"
                : "a relative one would name a file in every folder that you enter"
            // Where a path should be, a key may have been pasted.
            let shown = PastedKey.isIn(path) ? "looks like a key" : Self.shownName(path)
            throw .invalidConfiguration(
                "KEYHOOKS_CONFIG must be an absolute path: it \(shown), and \(why)",
                remedy: "set it to the whole path, as in KEYHOOKS_CONFIG=/app/keyhooks.json"
            )
        }
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: JSONParser.Limits().size, believing: true).bytes
        } catch {
            var fault = "a file that isn't read: \(error.reason(for: path))"
            if case .missing = error { fault = "\(FileFault.shown(path)), which doesn't exist" }
            throw .invalidConfiguration(
                "KEYHOOKS_CONFIG names \(fault)",
                remedy: error.remedy(or: "correct the variable, or unset it")
            )
        }
        return try parse(bytes, path: path, reading)
    }

    /// What is said of a relative path: a word that isn't plainly a file's name may be a secret.
    private static func shownName(_ path: String) -> String {
        let shown = PastedKey.shownPath(path, ending: ".json")
        return shown == FileFault.shown(path) ? "is '\(shown)'" : "is \(shown)"
    }

    /// Reads a file that was found, if the user trusts it as it is now.
    static func found(
        _ path: String,
        _ store: TrustStore?,
        _ reading: ConfigurationReading
    ) throws(KeyResolutionError) -> KeyConfiguration {
        let file = try FoundConfiguration(path)
        try file.checkTrust(in: store)
        var configuration = try parse(file.bytes, path: path, reading)
        configuration.isFound = true
        configuration.store = store
        return configuration
    }

    /// Reads the file again, by the rule that it was read by before.
    ///
    /// - Returns: What it says now; the configuration itself if it was made in code or is from a text.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidConfiguration`.
    func reread() throws(KeyResolutionError) -> KeyConfiguration {
        guard let path, !isText else { return self }
        if isFound { return try Self.found(path, store, reading) }
        return try Self.read(from: path, reading)
    }

    private static func isThere(_ path: String) -> Bool { !FileSystem.isAbsent(FilePath(path)) }

    /// Whether a file is the user's own configuration, by whatever name it goes.
    package static func isOwnFile(_ path: String, _ environment: [String: String]) -> Bool {
        isSameFile(path, ownFile(environment))
    }

    private static func ownFile(_ environment: [String: String]) -> String? {
        userFolder(environment).map { "\($0)/keyhooks.json" }
    }

    private static func isSameFile(_ path: String, _ other: String?) -> Bool {
        guard let other, let first = try? FileStatus(of: path), let second = try? FileStatus(of: other) else {
            return false
        }
        return first.isSameFile(as: second)
    }

    /// The user's configuration folder; nil if neither the environment nor the system knows of a home folder.
    ///
    /// The XDG base directory specification has relative paths ignored. Without `HOME` the user's plugins and decisions
    /// count all the same: a plugin that denies must not vanish with a variable.
    package static func userFolder(_ environment: [String: String]) -> String? {
        if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") { return "\(base)/keyhooks" }
        return homeFolder(environment).map { "\($0)/.config/keyhooks" }
    }

    /// Refuses a folder whose name can't be distinguished from others: what is in it would seem not to be there.
    package static func checkUserFolder(_ environment: [String: String]) throws(KeyResolutionError) {
        guard userFolder(environment)?.unicodeScalars.contains("\u{FFFD}") == true else { return }
        throw .invalidConfiguration(
            "the path of your configuration folder isn't UTF-8",
            remedy: "set XDG_CONFIG_HOME to a path that is"
        )
    }

    /// The user's home folder: `HOME`, or what the system knows if that isn't an absolute path.
    package static func homeFolder(_ environment: [String: String]) -> String? {
        environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? UserAccount.home
    }
}
