import DotenvSyntax

/// A declared dotenv file as it was when the resolver was made.
struct LoadedFile: Sendable {
    let path: String

    /// Nil if the file does not exist and does not have to.
    let contents: DotenvFile?

    let isReadableByOthers: Bool

    /// What to add where it is said that the file is missing: a folder of its name, or files beside it that somebody may
    /// count on.
    var remark = ""

    /// How long a pipe is waited for, such as one of a password manager that asks the user first.
    static let patience = Duration.seconds(10)

    /// The line and the value of a variable: of its last entry that isn't blank, since a blank one hides nothing.
    func value(of name: String) -> (line: Int, value: String)? {
        guard let contents, let last = contents.entry(named: name), let value = last.value else { return nil }
        guard value.allSatisfy(\.isWhitespace) else { return (last.line, value) }
        let filled = contents.entries.last { $0.name == name && $0.value?.allSatisfy(\.isWhitespace) == false }
        return (filled?.line ?? last.line, filled?.value ?? value)
    }
}

extension LoadedFile {
    static func load(_ file: EnvironmentFile) throws(KeyResolutionError) -> LoadedFile {
        do {
            let limit = DotenvFile.Options().maximumBytes
            let read = try FileReading.read(file.path, limit: limit, believing: true, waitingForPipes: patience)
            let contents = try parse(read.bytes)
            return LoadedFile(path: file.path, contents: contents, isReadableByOthers: read.isReadableByOthers)
        } catch FileReading.Failure.missing where !file.isRequired {
            return LoadedFile(missing: file, file.isUndeclared ? neighbours(of: file.path) : "")
        } catch FileReading.Failure.notAFile("a directory") where file.isUndeclared {
            return LoadedFile(missing: file, "; there is a folder of this name")
        } catch let failure as FileReading.Failure {
            let usual =
                file.isUndeclared
                ? "chmod u+r it, or read another file: --env-file PATH" : "check the path of the dotenv file"
            throw .invalidConfiguration(failure.reason(for: file.path), remedy: failure.remedy(or: usual))
        } catch let error as DotenvError {
            let places = error.diagnostics.lines(in: file.path).joined(separator: "\n")
            throw .invalidConfiguration(places, remedy: "fix these places")
        } catch let key as KeyWithoutName {
            throw .invalidConfiguration(
                "\(file.path):\(key.line): looks like a key without a name",
                remedy: "write NAME=KEY, with the name of the service's variable"
            )
        } catch {
            throw .invalidConfiguration("\(file.path) cannot be read", remedy: "check the dotenv file")
        }
    }

    private init(missing file: EnvironmentFile, _ remark: String) {
        self.init(path: file.path, contents: nil, isReadableByOthers: false, remark: remark)
    }

    /// A line that holds a key and no name, which the syntax alone takes for a name or for none.
    private struct KeyWithoutName: Error {
        let line: Int
    }

    private static func parse(_ bytes: [UInt8]) throws -> DotenvFile {
        do {
            let contents = try DotenvFile(parsing: bytes)
            if let entry = contents.entries.first(where: { $0.value == nil && PastedKey.isIn($0.name) }) {
                throw KeyWithoutName(line: entry.line)
            }
            return contents
        } catch let error as DotenvError {
            // One cause, and not the rule for names.
            let lines = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
            for diagnostic in error.diagnostics where [.invalidName, .missingEquals].contains(diagnostic.kind) {
                guard lines.indices.contains(diagnostic.line - 1) else { continue }
                let line = String(decoding: lines[diagnostic.line - 1], as: UTF8.self).trimmedOfBlanks
                if PastedKey.isIn(String(line)) { throw KeyWithoutName(line: diagnostic.line) }
            }
            throw error
        }
    }

    /// Files that other tools read beside or in place of `.env`.
    private static func neighbours(of path: String) -> String {
        let others = [".local", ".development", ".development.local", ".production", ".production.local", ".txt"]
            .map { path + $0 }
            .filter { !FileSystem.isAbsent(FilePath($0)) }
        guard let first = others.first else { return "" }
        let are = others.count == 1 ? "\(first) is there and is" : "\(others.joined(separator: ", ")) are there and are"
        return "; \(are) not read: name them by 'envFiles' or --env-file"
    }
}
