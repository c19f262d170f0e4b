extension FileReading {
    /// Why a file isn't read.
    package enum Failure: Error {
        case missing
        /// Somebody counts on what a link should lead to; with what the link says, if it is the file itself.
        case leadsNowhere(String?)
        /// It is a link that leads back to itself.
        case circle
        case notAFile(String)
        case tooLarge(limit: Int)
        /// Nobody wrote to a pipe.
        case silentPipe(Duration)
        /// Somebody else could have written it.
        case unsafe(FileFault)
        case system(String, remedy: String? = nil)

        /// What is wrong with a file, in one line.
        ///
        /// - Parameters:
        ///   - path: The file.
        ///   - isSure: Whether it is a path, and not a text in the place of one, which may be a key.
        /// - Returns: One line.
        package func reason(for path: String, isSure: Bool = true) -> String {
            if case .unsafe(let fault) = self { return fault.reason }
            let shown = isSure ? FileFault.shown(path) : PastedKey.shownPath(path)
            if case .missing = self, path.unicodeScalars.contains("\u{FFFD}") {
                // A program gets its arguments as text, so that the bytes are lost.
                return "\(shown) isn't found: its path isn't UTF-8"
            }
            return "\(shown) \(message)"
        }

        /// What fixes it; `usual` if the fault has no remedy of its own.
        package func remedy(or usual: String) -> String {
            switch self {
            case .unsafe(let fault): fault.remedy
            case .system(_, let remedy?): remedy
            default: usual
            }
        }

        /// What is wrong and what to do, to follow the path in a message.
        package var message: String {
            switch self {
            case .missing: "does not exist"
            case .leadsNowhere(let target?):
                "leads nowhere: it is a link to \(FileFault.shown(target)), which isn't there"
            case .leadsNowhere(nil):
                "leads nowhere: a folder above it is a link to something that isn't there, or a file"
            case .circle: "leads nowhere: it is a link that leads back to itself"
            case .notAFile(let kind): "is \(kind), not a file; name a regular file"
            case .silentPipe(let time):
                "is a pipe that nobody wrote to within \(time.components.seconds) s; start what writes to it"
            case .tooLarge(let limit): "is larger than \(limit) bytes; is it the right file?"
            case .unsafe(let fault): fault.reason
            case .system(let text, _): "cannot be read: \(text)"
            }
        }
    }
}
