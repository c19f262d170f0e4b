import DotenvSyntax
import JSON5Syntax

/// A declared dotenv file as it was when the resolver was made.
struct LoadedFile: Sendable {
    private let declaration: EnvironmentFile

    /// Tells whether it has changed since.
    private let watch: FileWatch

    var path: String { declaration.path }

    /// Nil if the file does not exist and does not have to.
    let contents: DotenvFile?

    let isReadableByOthers: Bool

    /// What to add where it is said that the file is missing: a folder of its name, or files beside it that somebody
    /// may count on.
    let remark: String?

    /// Of each variable whose last entry is blank the last one that isn't.
    private let filled: [String: (line: Int, value: String)]

    /// The variables whose values look as if they went on in the next line, by their lines.
    private let broken: [Int: String]

    /// How long a pipe is waited for, such as one of a password manager that asks the user first.
    static let patience = Duration.seconds(10)

    /// The line and the value of a variable: of its last entry that isn't blank, since a blank one hides nothing.
    func value(of name: String) -> (line: Int, value: String)? {
        guard let contents, let last = contents.entry(named: name), let value = last.value else { return nil }
        return filled[name] ?? (last.line, value)
    }

    /// The line that looks like the rest of a variable's value, as of a key that was copied over two lines: the next
    /// one, if it is a word without `=` that no variable is called.
    func restOfValue(of name: String, line: Int) -> Int? { broken[line] == name ? line + 1 : nil }
}

extension LoadedFile {
    /// What is odd about the text, but for lines that bind a name again and change nothing: blank ones and repetitions.
    var diagnostics: [DotenvDiagnostic] {
        guard let contents else { return [] }
        var values: [String: String] = [:]
        var harmless: Set<Int> = []
        for entry in contents.entries {
            guard let value = entry.value else { continue }
            if value.allSatisfy(\.isWhitespace) || values[entry.name] == value { harmless.insert(entry.line) }
            if !value.allSatisfy(\.isWhitespace) { values[entry.name] = value }
        }
        return contents.diagnostics.filter { $0.code != .duplicateName || !harmless.contains($0.line) }
    }

    // Looked up here once: a file of a mebibyte has more entries than can be gone through for each variable.
    private init(_ file: EnvironmentFile, _ watch: FileWatch, contents: DotenvFile, isReadableByOthers: Bool) {
        let entries = contents.entries
        let blanks = Set(entries.filter(\.isBlank).map(\.name))
        var filled: [String: (line: Int, value: String)] = [:]
        for entry in entries where blanks.contains(entry.name) {
            guard let value = entry.value, !entry.isBlank else { continue }
            filled[entry.name] = (entry.line, value)
        }
        var broken: [Int: String] = [:]
        for (entry, next) in zip(entries, entries.dropFirst()) where next.isRest(of: entry) {
            broken[entry.line] = entry.name
        }
        declaration = file
        self.watch = watch
        self.contents = contents
        self.isReadableByOthers = isReadableByOthers
        self.remark = nil
        self.filled = filled
        self.broken = broken
    }

    private init(missing file: EnvironmentFile, _ watch: FileWatch, _ remark: String?) {
        declaration = file
        self.watch = watch
        contents = nil
        isReadableByOthers = false
        self.remark = remark
        (filled, broken) = ([:], [:])
    }

    static func load(_ file: EnvironmentFile) throws(KeyResolutionError) -> LoadedFile {
        // Looked at before: what is written meanwhile counts as a change.
        let watch = FileWatch(file.path)
        let read: FileReading.Contents
        do {
            read = try FileReading.read(
                file.path,
                limit: DotenvFile.Options().maximumBytes,
                believing: true,
                found: file.isUndeclared,
                waitingForPipes: patience
            )
        } catch .missing where !file.isRequired {
            return LoadedFile(missing: file, watch, file.isUndeclared ? MissingFile.remark(for: file.path) : nil)
        } catch .notAFile("a directory") where file.isUndeclared {
            return LoadedFile(missing: file, watch, "there is a folder of this name")
        } catch {
            throw .invalidConfiguration(error.reason(for: file.path), remedy: remedy(for: error, of: file))
        }
        let contents = try parse(read.bytes, file.path)
        return LoadedFile(file, watch, contents: contents, isReadableByOthers: read.isReadableByOthers)
    }

    /// The file as it is now, if that is something else.
    ///
    /// - Parameter reads: Counts the files that are read.
    /// - Returns: Nil if nothing has changed.
    /// - Throws: What is wrong with it now.
    func reloaded(counting reads: inout Int) throws(KeyResolutionError) -> LoadedFile? {
        guard watch.hasChanged else { return nil }
        reads += 1
        let file = try Self.load(declaration)
        guard file.contents?.bytes == contents?.bytes, file.isReadableByOthers == isReadableByOthers else {
            return file
        }
        watch.take(file.watch)
        return nil
    }

    private static func remedy(for failure: FileReading.Failure, of file: EnvironmentFile) -> String {
        let usual =
            switch failure {
            case .missing where file.path.unicodeScalars.contains("\u{FFFD}"):
                "rename it, or go to its folder and name the file from there"
            case .leadsNowhere, .circle: "correct the link, or remove it: rm \(FileFault.quoted(file.path))"
            case .system(_, nil), .forbidden: "see who may read it: ls -l \(FileFault.quoted(file.path))"
            default: "check the path of the dotenv file"
            }
        // Whoever named the file wants it.
        let way =
            file.isUndeclared ? ". To go on without it: --env-file /dev/null, or 'envFiles': [] in keyhooks.json" : ""
        return failure.remedy(or: usual) + way
    }

    /// Mistakes that a file of another form has in most of its lines.
    private static let otherForms: Set<DotenvDiagnostic.Code> = [
        .colonInsteadOfEquals, .colonEquals, .yamlList, .setCommand, .dollarName, .quotedName,
    ]

    /// A line for each mistake; one for all that have the same cause in a file of another form.
    private static func places(of mistakes: [DotenvDiagnostic], in path: String) -> String {
        let codes = Set(mistakes.map(\.code))
        guard mistakes.count > 1, codes.count == 1, codes.isSubset(of: otherForms) else {
            return mistakes.lines(in: path, saysSeverity: false, hiding: PastedKey.isIn).joined(separator: "\n")
        }
        return Array(mistakes.prefix(1)).lines(in: path, saysSeverity: false, hiding: PastedKey.isIn).joined()
            + " (and \(mistakes.count - 1) more in \(path))"
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws(KeyResolutionError) -> DotenvFile {
        /// A line that holds a key and no name, which the syntax alone takes for a name or for none.
        func keyWithoutName(in line: Int) -> KeyResolutionError {
            .invalidConfiguration(
                "\(path):\(line): looks like a key without a name",
                remedy: "write NAME=KEY, with the name of the service's variable"
            )
        }
        let contents: DotenvFile
        do {
            contents = try DotenvFile(parsing: bytes)
        } catch {
            // One cause, and not the rule for names.
            let lines = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
            for diagnostic in error.diagnostics where [.invalidName, .missingEquals].contains(diagnostic.code) {
                guard lines.indices.contains(diagnostic.line - 1) else { continue }
                let line = String(decoding: lines[diagnostic.line - 1], as: UTF8.self).trimmedOfBlanks
                if PastedKey.isIn(String(line)) { throw keyWithoutName(in: diagnostic.line) }
            }
            throw .invalidConfiguration(
                places(of: error.diagnostics, in: path),
                remedy: ConfigurationFaults.remedy(for: error.diagnostics.count)
            )
        }
        if let entry = contents.entries.first(where: { $0.value == nil && PastedKey.isIn($0.name) }) {
            throw keyWithoutName(in: entry.line)
        }
        return contents
    }
}

extension DotenvEntry {
    /// Whether it has a value, and nothing but blanks in it.
    fileprivate var isBlank: Bool { value?.allSatisfy(\.isWhitespace) == true }

    /// Whether it looks like the rest of a value in the line before: a word without `=` that no variable is called.
    fileprivate func isRest(of other: DotenvEntry) -> Bool {
        line == other.line + 1 && value == nil && !isExported && name.utf8.count >= 4 && other.quoting == .none
            && !name.utf8.allSatisfy { $0.isWordByte && !(0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
    }
}
