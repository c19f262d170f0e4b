import JSON5Syntax
import KeyHooks

/// Reads the plugin's own credentials: from variables and files and nowhere else, so that they never depend on the keys
/// that the plugin is asked for.
struct CredentialSource: Sendable {
    let environment: BaoEnvironment

    func read(_ reference: SecretReference) throws(BaoFailure) -> APIKey {
        switch reference {
        case .environment(let name):
            guard let value = environment[exactly: name] else {
                let remark = environment.remark(onMissing: [name]).map { "; \($0)" } ?? ""
                throw BaoFailure(
                    .unauthenticated,
                    "the variable \(name), which should hold a credential for OpenBao, is not set\(remark)",
                    remedy: "set \(name) in the process environment. \(Self.waysAround)"
                )
            }
            return try CredentialText.credential(in: value, from: name)
        case .file(let written):
            let path = WrittenPath.absolute(environment.expanded(written))
            return try CredentialText.credential(
                in: try contents(of: path, "which should hold a credential"),
                from: Self.shown(path)
            )
        }
    }

    /// The token that OpenBao's own tools would use.
    func ambientToken() throws(BaoFailure) -> APIKey {
        if let token = environment.value("TOKEN") {
            return try CredentialText.credential(in: token, from: environment.variable("TOKEN"))
        }
        guard let path = ambientPath else { throw noToken(nil) }
        // A file that is named must be there; one in the home folder is only looked for.
        let isNamed = environment.value("TOKEN_PATH") != nil
        if !isNamed, case .failure(.missing) = read(path) { throw noToken(path) }
        let words =
            isNamed ? "which \(environment.variable("TOKEN_PATH")) names" : "where OpenBao's tools keep the token"
        return try CredentialText.credential(in: try contents(of: path, words), from: Self.shown(path))
    }

    private func noToken(_ path: String?) -> BaoFailure {
        var message = "there is no token for OpenBao: BAO_TOKEN is not set"
        if let path { message += ", and there is no \(displayText(path, limit: 4096))" }
        if let remark = environment.remark(onMissing: "TOKEN") { message += "; \(remark)" }
        if let path, path.hasSuffix("/.vault-token") {
            let other = path.dropLast("vault-token".count) + "bao-token"
            if case .success = read(String(other)) {
                message += "; \(displayText(String(other))) is there and is not read"
            }
        }
        return BaoFailure(
            .unauthenticated,
            message,
            remedy: "set BAO_TOKEN in the process environment, or write 'token' or 'appRole' in keyhooks.json. "
                + Self.waysAround
        )
    }

    /// How to do without OpenBao.
    private static let waysAround =
        "To go without OpenBao, use --no-plugins, KEYHOOKS_NO_PLUGINS=1, or \"plugins\": [] for the service; 'fallback' "
        + "does not cover a missing token"

    private var ambientPath: String? {
        environment.value("TOKEN_PATH") ?? environment.home.map { $0 + "/.vault-token" }
    }

    private func read(_ path: String) -> Result<String, FileReading.Failure> {
        do {
            let bytes = try FileReading.read(environment.expanded(path), limit: 1 << 16).bytes
            return .success(String(decoding: bytes, as: UTF8.self))
        } catch {
            return .failure(error)
        }
    }

    /// What is in a file that somebody counts on.
    private func contents(of path: String, _ words: String) throws(BaoFailure) -> String {
        switch read(path) {
        case .success(let text): return text
        case .failure(let failure):
            // Where a path belongs, a token may have been pasted.
            let file = PastedKey.path(path).map { "the file \($0)" } ?? PastedKey.shownPath(path)
            // Whose it is explains a file that another user's command wrote.
            let status = try? FileStatus(of: environment.expanded(path), followsLinks: true)
            let owner = status.flatMap { $0.isOwnedByUser ? nil : " (it belongs to the user \($0.ownerName))" } ?? ""
            throw BaoFailure(
                .unauthenticated,
                "\(file), \(words), \(failure.message)\(owner)",
                remedy: "check that it exists, is a small file, and may be read"
                    + (PastedKey.showsPath(path) ? ": ls -l \(FileFault.quoted(path))" : "; a token belongs inside it")
            )
        }
    }

    /// The files that a reference leads to.
    func files(_ reference: SecretReference) -> [String] {
        if case .file(let path) = reference { [environment.expanded(path)] } else { [] }
    }

    /// The files that ``ambientToken()`` may read.
    var ambientFiles: [String] {
        environment.value("TOKEN") == nil ? ambientPath.map { [environment.expanded($0)] } ?? [] : []
    }
}

extension CredentialSource {
    /// A file that was read, so that a word names it.
    private static func shown(_ path: String) -> String { PastedKey.shownPath(WrittenPath.absolute(path)) }

    /// Where a token is from, for an error about one that the server refuses.
    func words(for reference: SecretReference?) -> String {
        switch reference {
        case .environment(let name)?: name
        case .file(let path)?: Self.shown(path)
        case nil where environment.value("TOKEN") != nil: environment.variable("TOKEN")
        case nil: ambientPath.map(Self.shown) ?? "BAO_TOKEN"
        }
    }
}

/// Reads a credential out of the text of a variable or a file.
enum CredentialText {
    /// A credential goes into a header field or a JSON text; a line break in it would be a second header field.
    static func isCredential(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The credential without what editors, shells and `docker --env-file` leave around it: blanks, line ends, a byte
    /// order mark, quotes.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: The variable or the path that it is from, for the error.
    /// - Returns: The credential.
    /// - Throws: A ``BaoFailure`` that says what is wrong, and nothing of the text.
    static func credential(in text: String, from place: String) throws(BaoFailure) -> APIKey {
        let bare = bare(text)
        if let fault = fault(of: bare) {
            throw BaoFailure(.unauthenticated, "\(place) \(fault.what)", remedy: fault.remedy)
        }
        return APIKey(bare)
    }

    private static func bare(_ text: String) -> String {
        var text = text[...]
        if text.unicodeScalars.first == "\u{FEFF}" { text = Substring(text.unicodeScalars.dropFirst()) }
        // No token and no id has a quotation mark in it.
        return String(text.bare)
    }

    private static func fault(of text: String) -> (what: String, remedy: String)? {
        if text.isEmpty { return ("is empty", "write a credential for OpenBao there") }
        let alone = "write the credential for OpenBao alone there"
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
