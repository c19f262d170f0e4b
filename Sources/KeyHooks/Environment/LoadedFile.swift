import DotenvSyntax

/// A declared dotenv file as it was when the resolver was made.
struct LoadedFile: Sendable {
    let path: String

    /// Nil if the file does not exist and does not have to.
    let contents: DotenvFile?

    let isReadableByOthers: Bool

    static func load(_ file: EnvironmentFile) throws(KeyResolutionError) -> LoadedFile {
        do {
            let read = try FileReading.read(file.path, limit: DotenvFile.Options().maximumBytes, believing: true)
            let contents = try DotenvFile(parsing: read.bytes)
            return LoadedFile(path: file.path, contents: contents, isReadableByOthers: read.isReadableByOthers)
        } catch FileReading.Failure.missing where !file.isRequired {
            return LoadedFile(path: file.path, contents: nil, isReadableByOthers: false)
        } catch let failure as FileReading.Failure {
            throw .invalidConfiguration(
                failure.reason(for: file.path),
                remedy: failure.remedy(or: "check the path of the dotenv file")
            )
        } catch let error as DotenvError {
            let places = error.diagnostics.lines(in: file.path).joined(separator: "\n")
            throw .invalidConfiguration(places, remedy: "fix these places")
        } catch {
            throw .invalidConfiguration("\(file.path) cannot be read", remedy: "check the dotenv file")
        }
    }
}
