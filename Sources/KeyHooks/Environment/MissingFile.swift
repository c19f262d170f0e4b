/// What to say where no `.env` is there, and something else is that somebody may count on.
enum MissingFile {
    /// What other tools read beside or in place of `.env`.
    private static let siblings = [".local", ".development", ".development.local", ".production", ".production.local"]

    /// What is there to be copied to `.env`, or was meant to be called so.
    private static let drafts = [
        ".env.txt", ".env.template", ".env.example", ".env.sample", ".env.dist", "env", "env.txt",
    ]

    /// The remark; nil if there is nothing to say.
    ///
    /// - Parameter path: The `.env` that is missing.
    /// - Returns: Words that follow "missing".
    static func remark(for path: String) -> String? {
        let file = FilePath(path)
        let others = siblings.map { path + $0 }.filter { !FileSystem.isAbsent(FilePath($0)) }
        let folder = path.contains("/") ? "\(file.folder.text)/" : ""
        // A folder `env` is a virtual environment of Python's.
        let drafts = drafts.map { folder + $0 }.filter(isFile)
        var remarks: [String] = []
        if !others.isEmpty {
            remarks.append("\(are(others)) not read: name \(others.count == 1 ? "it" : "them") \(way)")
        }
        if let draft = drafts.first {
            remarks.append("\(FileFault.shown(draft)) is there and is not read: rename or copy it to \(file.name)")
        }
        if let above = above(file) {
            remarks.append("\(FileFault.shown(above)) is there and is not read: name it \(way)")
        }
        return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
    }

    private static let way = "by 'envFiles' or --env-file"

    private static func are(_ paths: [String]) -> String {
        paths.map { FileFault.shown($0) }.joined(separator: ", ")
            + (paths.count == 1 ? " is there and is" : " are there and are")
    }

    private static func isFile(_ path: String) -> Bool {
        (try? FileStatus(of: path, followsLinks: true))?.kind == .file
    }

    /// A file of the same name in a folder above, up to that of the project or the user's home.
    private static func above(_ file: FilePath) -> String? {
        guard var folder = try? FileSystem.canonicalPath(of: file.folder.text) else { return nil }
        let home = UserAccount.home.map { (try? FileSystem.canonicalPath(of: $0)) ?? $0 }
        var relative = ""
        while folder != home, FileSystem.isAbsent(FilePath("\(folder)/.git")) {
            folder = FilePath(folder).folder.text
            guard folder != "/" else { return nil }
            relative += "../"
            let found = "\(folder)/\(file.name)"
            if isFile(found) { return file.text.contains("/") ? found : relative + file.name }
        }
        return nil
    }
}
