#if os(Linux)
import LightFoundation

/// The certificates of a file in the format PEM; keys and whatever else it holds are left out.
struct PEMCertificates {
    /// Each with its first and its last line.
    private(set) var blocks: [String] = []

    /// The place of the first that is damaged, counted from 1.
    var damaged: Int? { blocks.firstIndex { !Self.isWhole($0) }.map { $0 + 1 } }

    /// nil, with `errno`, if the file can't be read; the first 4 MiB count.
    init?(path: String) {
        guard let text = Self.text(of: path) else { return nil }
        self.init(text)
    }

    init(_ text: String) {
        var block: [Substring] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if Self.isMark(line, "BEGIN") {
                // The one before has no end.
                if !block.isEmpty { add(block) }
                block = [line]
            } else if !block.isEmpty {
                block.append(line)
                guard Self.isMark(line, "END") else { continue }
                add(block)
                block = []
            }
        }
        if !block.isEmpty { add(block) }
    }

    /// The first 4 MiB of a file; nil, with `errno`, if it can't be read or isn't a file.
    static func text(of path: String) -> String? {
        // To open a pipe would last until somebody writes to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { return nil }
        guard found.st_mode & S_IFMT == S_IFREG else {
            errno = found.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            return nil
        }
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while text.count < 4 << 20 {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0 { return nil }
            if count == 0 { break }
            text += bytes[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether something is there that is neither a file nor a folder, such as a pipe.
    static func isSpecial(_ path: String) -> Bool {
        var found = stat()
        return stat(path, &found) == 0 && found.st_mode & S_IFMT != S_IFREG && found.st_mode & S_IFMT != S_IFDIR
    }

    private mutating func add(_ lines: [Substring]) { blocks.append(lines.joined(separator: "\n") + "\n") }

    private static func isWhole(_ block: String) -> Bool {
        let lines = block.split(separator: "\n")
        return lines.last.map { isMark($0, "END") } == true && isCertificate(lines.dropFirst().dropLast().joined())
    }

    private static func isMark(_ line: Substring, _ word: String) -> Bool {
        guard line.hasPrefix("-----\(word) ") else { return false }
        return ["", "TRUSTED ", "X509 "].contains { line.hasPrefix("-----\(word) \($0)CERTIFICATE-----") }
    }

    /// Whether Base64 holds a sequence of ASN.1 that is as long as it says; after it, OpenSSL may note whom to trust
    /// for what.
    private static func isCertificate(_ base64: String) -> Bool {
        let text = base64.filter { $0 != " " && $0 != "\t" }
        guard let bytes = Data(base64Encoded: text), bytes.count > 4, bytes[0] == 0x30 else { return false }
        if bytes[1] < 0x80 { return bytes.count >= 2 + Int(bytes[1]) }
        let places = Int(bytes[1] & 0x7F)
        guard (1...3).contains(places) else { return false }
        return bytes.count >= 2 + places + bytes[2..<2 + places].reduce(0) { $0 << 8 | Int($1) }
    }
}
#endif
