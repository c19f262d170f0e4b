import JSON5Syntax

extension PluginContext {
    /// Reads a credential of the plugin's own.
    ///
    /// Blanks, line ends, a byte order mark and quotes around it are cut.
    ///
    /// - Parameter reference: Where it is. A relative path counts from the folder of the configuration file.
    /// - Returns: The credential.
    /// - Throws: A ``KeyResolutionError`` with the code `unauthenticated` if it isn't there or can't be one; it says
    ///   nothing of the text.
    public func secret(at reference: SecretReference) throws(KeyResolutionError) -> SecretValue {
        SecretValue(try credential(at: reference))
    }

    /// Reads a credential of the plugin's own.
    ///
    /// - Parameters:
    ///   - reference: Where it is.
    ///   - system: What it is for, as errors call it.
    ///   - advice: What else to do where a variable is missing.
    /// - Returns: The credential.
    /// - Throws: As ``secret(at:)``.
    package func credential(
        at reference: SecretReference,
        for system: String? = nil,
        advice: String? = nil
    ) throws(KeyResolutionError) -> APIKey {
        switch reference.place {
        case .environment(let name):
            guard let value = self[variable: name] else {
                let remark = remark(onMissing: [name]).map { "; \($0)" } ?? ""
                throw .unauthenticated(
                    "the variable \(name), which should hold \(Self.words(for: system)), is not set\(remark)",
                    remedy: "set \(name) in the process environment" + (advice.map { ". \($0)" } ?? "")
                )
            }
            return try credential(in: value, from: name, for: system)
        case .file(let written):
            let path = path(of: written)
            let text = try contents(ofFile: path, "which should hold a credential")
            return try credential(in: text, from: PastedKey.shownPath(path), for: system)
        case .identityToken(let written):
            let (path, folder) = try allowedPath(ofToken: written)
            let text = try contents(ofFile: path, inside: folder, "which should hold an identity token")
            return try credential(in: text, from: PastedKey.shownPath(path), for: system)
        }
    }

    /// The path of an identity token without links, if it lies where such tokens may.
    private func allowedPath(ofToken path: String) throws(KeyResolutionError) -> (file: String, folder: FilePath) {
        let named = self[variable: "KEYHOOKS_OIDC_FOLDERS"]?.split(separator: ":").map(String.init) ?? []
        let folders = (["/run/secrets", "/var/run/secrets"] + named.filter { $0.hasPrefix("/") && $0 != "/" })
            .compactMap { try? FileSystem.canonicalPath(of: $0) }
            .map { FilePath($0) }
        let file = (try? FileSystem.canonicalPath(of: path)).map { FilePath($0) }
        // Of one that is elsewhere it isn't told whether it is there.
        guard let file, let folder = folders.first(where: { file.isInside($0) && file != $0 }) else {
            throw .unauthenticated(
                "the identity token \(PastedKey.shownPath(path)) isn't in a folder for such tokens, or isn't there",
                remedy: "see that it is mounted; other folders than /run/secrets and /var/run/secrets must be named: "
                    + "KEYHOOKS_OIDC_FOLDERS=/run/tokens"
            )
        }
        return (file.text, folder)
    }

    /// A variable of the process environment; an empty one counts as none.
    package subscript(variable name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The path of a file that a section names.
    ///
    /// - Parameter written: The path as it was written; `~/` is the home folder, and a relative one counts from the folder
    ///   of the configuration file.
    /// - Returns: The absolute path.
    public func path(of written: String) -> String {
        let counted =
            configuration.path.map { WrittenPath.counted(written, from: WrittenPath.folder(ofFile: $0)) } ?? written
        return WrittenPath.absolute(WrittenPath.expanded(counted, environment))
    }

    /// What to add where a variable is missing that a dotenv file sets, without a value; nil if none does.
    package func remark(onMissing names: [String]) -> String? {
        configuration.declaration(of: names)
            .map { name, path, line in
                "\(name) is set in \(displayText(path, limit: 4096)):\(line), and is read from the process environment only"
            }
    }
}

extension PluginContext {
    /// The text of a small file with a credential; one that must lie in a folder has no link in its path.
    package func text(ofFile path: String, inside folder: FilePath? = nil) throws(FileReading.Failure) -> String {
        let path = WrittenPath.expanded(path, environment)
        let bytes = try FileReading.read(path, limit: 1 << 16, inside: folder).bytes
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What is in a file that somebody counts on.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - folder: Where it must lie in the end; nil for anywhere.
    ///   - words: What follows its path in an error.
    /// - Returns: The text.
    /// - Throws: As ``secret(at:)``.
    package func contents(
        ofFile path: String,
        inside folder: FilePath? = nil,
        _ words: String
    ) throws(KeyResolutionError) -> String {
        do {
            return try text(ofFile: path, inside: folder)
        } catch {
            // Where a path belongs, a token may have been pasted.
            let file = PastedKey.path(path).map { "the file \($0)" } ?? PastedKey.shownPath(path)
            // Whose it is explains a file that another user's command wrote.
            let status = try? FileStatus(of: WrittenPath.expanded(path, environment), followsLinks: true)
            let owner = status.flatMap { $0.isOwnedByUser ? nil : " (it belongs to the user \($0.ownerName))" } ?? ""
            throw .unauthenticated(
                "\(file), \(words), \(error.message)\(owner)",
                remedy: "check that it exists, is a small file, and may be read"
                    + (PastedKey.showsPath(path) ? ": ls -l \(FileFault.quoted(path))" : "; a token belongs inside it")
            )
        }
    }

    /// The credential in a text, without what editors, shells and `docker --env-file` leave around it.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: The variable or the path that it is from, for the error.
    ///   - system: What it is for.
    /// - Returns: The credential.
    /// - Throws: As ``secret(at:)``.
    package func credential(
        in text: String,
        from place: String,
        for system: String?
    ) throws(KeyResolutionError) -> APIKey {
        var rest = text[...]
        if rest.unicodeScalars.first == "\u{FEFF}" { rest = Substring(rest.unicodeScalars.dropFirst()) }
        // No token and no id has a quotation mark in it.
        let bare = String(rest.bare)
        if let fault = Self.fault(ofCredential: bare, for: system) {
            throw .unauthenticated("\(place) \(fault.what)", remedy: fault.remedy)
        }
        return APIKey(bare)
    }

    /// A credential goes into a header field or a JSON text; a line break in it would be a second header field.
    package static func isCredential(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func words(for system: String?) -> String { "a credential" + (system.map { " for \($0)" } ?? "") }

    private static func fault(ofCredential text: String, for system: String?) -> (what: String, remedy: String)? {
        if text.isEmpty { return ("is empty", "write \(words(for: system)) there") }
        let alone = "write the credential\(system.map { " for \($0)" } ?? "") alone there"
        for warning in KeyTextWarning.all(in: text) {
            guard let detail = warning.detail else { continue }
            if warning.code == .unresolvedReference {
                let remedy = "run the program through what resolves it, or write the credential itself"
                return ("holds a reference (\(detail)) that something else should have resolved", remedy)
            }
            return ("begins with '\(detail)'", "\(alone), without '\(detail)'")
        }
        if text.hasPrefix("{") { return ("holds a JSON text", alone) }
        if text.contains(where: \.isNewline) { return ("has more than one line", "\(alone), on one line") }
        let scalars = text.unicodeScalars.enumerated()
        guard let (index, scalar) = scalars.first(where: { !(0x21...0x7E).contains($1.value) }) else { return nil }
        let what = scalar == " " ? "a blank" : "a character that no credential has (\(scalar.codePoint))"
        return ("has \(what) at position \(index + 1)", alone)
    }
}

extension KeyResolutionError {
    package static func unauthenticated(_ message: String, remedy: String) -> KeyResolutionError {
        KeyResolutionError(.unauthenticated, message, remedy: remedy)
    }
}
