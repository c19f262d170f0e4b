extension HTTPTransportSettings {
    /// What can't be obeyed whatever is asked; nil if nothing is found.
    ///
    /// Files are looked at only when they are needed, since they may come and go.
    var problem: HTTPTransportError? {
        for (setting, path) in [
            (.authorityFile, authorityFile), (.authorityFolder, authorityFolder),
            (.clientCertificate, clientCertificate), (.clientKey, clientKey),
        ] as [(HTTPTransportError.Setting, String?)] {
            if let words = path.flatMap(Self.problem(ofPath:)) { return .unusable(setting, words) }
        }
        if clientKey != nil, clientCertificate == nil {
            return .unusable(.clientKey, "is set without 'clientCertificate'")
        }
        if let serverName, !Self.isHost(serverName) {
            return .unusable(
                .serverName,
                "names \(shown(serverName)), which isn't a host name; write it without a scheme, a port and a path"
            )
        }
        return unixSocket.flatMap(Self.problem(ofSocket:)).map { .unusable(.unixSocket, $0) }
    }

    private static func problem(ofPath path: String) -> String? {
        if path.isEmpty { return "is empty; write a path" }
        // What is in the file, such as a key, is nothing to show.
        if path.contains("-----BEGIN") { return "holds the text of a file; write the file's path" }
        if path.utf8.contains(0) { return "names \(shown(path)), which isn't a path" }
        if path.hasPrefix("~") { return "names \(shown(path)), and '~' isn't replaced here; write the whole path" }
        if path.lowercased().hasPrefix("file:") || path.contains("://") {
            return "names \(shown(path)), a URL; write a path"
        }
        return nil
    }

    private static func problem(ofSocket path: String) -> String? {
        // As many bytes as an address of the system holds, with the zero at its end.
        let limit = 107
        if path.isEmpty { return "is empty; write the path of a socket" }
        if path.utf8.contains(0) { return "names \(shown(path)), which isn't a path" }
        return path.utf8.count > limit
            ? "names a path of \(path.utf8.count) bytes; the system takes at most \(limit)" : nil
    }

    /// Whether a text is the name or the address of one host, without a scheme, a port or brackets.
    package static func isHost(_ name: String) -> Bool {
        // A name made of numbers is an address, or nothing.
        let isNumeric = name.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        if isNumeric || name.contains(":") { return HostAddress(name) != nil && !name.contains("%") }
        let bare = name.hasSuffix(".") ? name.dropLast() : name[...]
        let labels = bare.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253 && name.utf8.allSatisfy(RequestURL.isOfName)
            && labels.allSatisfy { !$0.isEmpty && $0.utf8.count <= 63 }
    }
}

extension HTTPTransportError {
    /// For a setting that can't be obeyed; the words go on after its name.
    static func unusable(_ setting: Setting, _ words: String) -> Self {
        Self(.invalidSettings, detail: words, setting: setting)
    }
}

/// A text that somebody wrote, such as a path, in single quotes: nothing in it starts a line or steers a terminal.
func shown(_ text: String) -> String {
    let limit = 200
    var safe = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            safe.append("?")
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return text.unicodeScalars.dropFirst(limit).isEmpty ? "'\(safe)'" : "'\(safe)…'"
}
