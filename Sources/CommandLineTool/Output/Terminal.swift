#if CLI
import KeyHooks
import LightFoundation
import Synchronization

/// The person at the terminal, if there is one.
enum Terminal {
    /// Whether somebody sits there who can read what is said and answer.
    static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// What a terminal hands over of a line at the most; of a longer one the end is lost.
    private static let lineLimit = 4095

    /// How the terminal was before it was told to show nothing.
    private static let before = Mutex<termios?>(nil)

    /// Asks whether something is to be done; only a clear yes is one.
    static func agrees(to question: String) -> Bool {
        StandardError.ask("\(question) [y/N] ")
        return ["y", "yes"].contains(String(decoding: readLine().bytes, as: UTF8.self).lowercased())
    }

    /// Asks for a line that isn't shown while it is typed.
    ///
    /// - Returns: The line without its end.
    /// - Throws: A `KeyResolutionError` if it can't be hidden, or doesn't arrive whole.
    static func hiddenLine(_ question: String) throws(KeyResolutionError) -> [UInt8] {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw unreadable("what is typed can't be hidden") }
        before.withLock { $0 = settings }
        settings.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else {
            throw unreadable("what is typed can't be hidden")
        }
        defer {
            restore()
            StandardError.ask("\n")
        }
        StandardError.ask(question)
        let (line, isWhole) = readLine()
        guard isWhole || line.isEmpty, line.count < lineLimit else {
            throw unreadable("a terminal takes no line as long as this")
        }
        return line
    }

    /// Has the terminal show what is typed again, also if a signal ends the tool.
    static func restore() {
        before.withLock { settings in
            guard var old = settings else { return }
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &old)
            settings = nil
        }
    }

    /// A line of standard input, and whether its end was seen.
    private static func readLine() -> (bytes: [UInt8], isWhole: Bool) {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= lineLimit {
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return (line, false) }
            if byte == UInt8(ascii: "\n") { return (line, true) }
            line.append(byte)
        }
        return (line, false)
    }

    private static func unreadable(_ what: String) -> KeyResolutionError {
        KeyResolutionError(.unavailable, what, remedy: "give the value on standard input, from a file or a pipe")
    }
}
#endif
