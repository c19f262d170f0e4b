import DotenvSyntax

extension KeyConfiguration {
    /// Where a declared dotenv file sets one of several variables, for a plugin that reads its own from the process
    /// environment only and lacks one.
    ///
    /// The files are read anew, pipes are not: nothing would come of them twice.
    ///
    /// - Parameter names: The variables, the preferred first.
    /// - Returns: The variable, the path of the file and the line; never a value. Nil if none sets one.
    package func declaration(of names: [String]) -> (name: String, path: String, line: Int)? {
        for file in envFiles.reversed() {
            let limit = DotenvFile.Options().maximumBytes
            guard let read = try? FileReading.read(file.path, limit: limit, believing: true, found: file.isUndeclared),
                let contents = try? DotenvFile(parsing: read.bytes)
            else { continue }
            for name in names {
                guard let entry = contents.entry(named: name), entry.value?.isEmpty == false else { continue }
                return (name, file.path, entry.line)
            }
        }
        return nil
    }
}
