#if os(Linux)
import LightFoundation

/// The certificates of a folder, whatever its files are called.
///
/// OpenSSL finds only those that a link of `openssl rehash` names.
struct AuthorityFolder {
    /// The certificates that no name of a hash leads to.
    let unnamed: [String]

    /// Whether there is any certificate.
    let hasCertificates: Bool

    /// The name of the first file with a damaged certificate.
    let damaged: String?

    /// nil, with `errno`, if the folder can't be read.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - isExact: Whether each certificate is looked at, which takes long in a folder like the system's.
    init?(path: String, isExact: Bool = false) {
        guard let names = Self.names(in: path) else { return nil }
        var named: Set<String> = []
        var others: [String] = []
        var damaged: String?
        var seen: Set<FileState> = []
        for name in names.sorted(by: { Self.isHash($0) && !Self.isHash($1) }) {
            let file = "\(path)/\(name)"
            guard let state = FileState(file), seen.insert(state).inserted,
                let certificates = PEMCertificates(path: file)
            else { continue }
            if isExact, damaged == nil, certificates.damaged != nil { damaged = name }
            if Self.isHash(name) {
                named.formUnion(certificates.blocks)
            } else {
                others += certificates.blocks
            }
        }
        self.damaged = damaged
        var taken = named
        unnamed = others.filter { taken.insert($0).inserted }
        hasCertificates = !taken.isEmpty
    }

    /// What tells whether a file of the folder has changed.
    static func states(in path: String) -> [FileState] {
        (names(in: path) ?? []).compactMap { FileState("\(path)/\($0)") }
    }

    /// In order.
    private static func names(in path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return names.sorted()
    }

    /// Such as `9d66eef0.0`.
    private static func isHash(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].utf8.count == 8 && parts[0].allSatisfy(\.isHexDigit)
            && !parts[1].isEmpty && parts[1].allSatisfy { ("0"..."9").contains($0) }
    }
}

/// Which file is at a path, and how it was last changed.
struct FileState: Hashable {
    private let numbers: [Int]

    /// nil for what isn't a file.
    init?(_ path: String) {
        var found = stat()
        guard stat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG else { return nil }
        numbers = [
            Int(bitPattern: UInt(found.st_dev)), Int(bitPattern: UInt(found.st_ino)), Int(found.st_size),
            found.st_mtim.tv_sec, found.st_mtim.tv_nsec,
        ]
    }
}
#endif
