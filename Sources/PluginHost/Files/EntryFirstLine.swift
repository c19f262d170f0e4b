import JSON5Syntax
import KeyHooks
import LightFoundation

/// The first line of an entry, which says what runs it.
///
/// Of a script whose interpreter is missing the system says that there is no such file, which is there; so it is looked
/// at here.
struct EntryFirstLine {
    /// More than systems read of it.
    private static let limit = 256

    private let beginning: [UInt8]

    /// The words after `#!`; nil if the line does not begin so.
    let words: [String]?

    /// Reads the beginning of a file; nil if it cannot be read.
    init?(of path: String) {
        // Somebody may have put a pipe there meanwhile, which nobody is to wait for.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.limit)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        self.init(beginning: Array(bytes[..<count]))
    }

    init(beginning: [UInt8]) {
        self.beginning = beginning
        guard beginning.starts(with: "#!".utf8) else {
            words = nil
            return
        }
        let line = beginning.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What keeps the system from running the file, to follow its path, whatever programs it has; nil if nothing does.
    ///
    /// A file that is not text is taken for a program of this or another system.
    var fault: FileFault? {
        guard let words else { return faultWithoutInterpreter }
        guard let first = words.first else {
            return FileFault(
                "names no interpreter after '#!' in its first line",
                remedy: "begin it with a line such as #!/bin/sh"
            )
        }
        // What an interpreter makes of a carriage return at the end of its own arguments is its affair.
        guard words.last?.hasSuffix("\r") == true, words.count == 1 || first.hasSuffix("/env") else { return nil }
        return FileFault(
            "names the interpreter '\(Self.shown(words))', which does not exist (the first line ends with a "
                + "carriage return, as on Windows)",
            remedy: "save it with LF line ends"
        )
    }

    private var faultWithoutInterpreter: FileFault? {
        if beginning.isEmpty {
            return FileFault("is empty", remedy: "write the plugin there, and begin it with a line such as #!/bin/sh")
        }
        if [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]].contains(where: beginning.starts) {
            return FileFault(
                "begins with a byte order mark, so its first line does not name an interpreter",
                remedy: "save it as UTF-8 without the mark, and begin it with #!"
            )
        }
        guard isText else { return nil }
        return FileFault(
            "does not begin with '#!', so nothing says which interpreter runs it",
            remedy: "begin it with #! and the interpreter, as in #!/bin/sh or #!/usr/bin/env python3"
        )
    }

    /// Why a shell or `env` finds nothing to run by it, and what to do; nil if that is in order.
    ///
    /// - Parameter isOnPath: Whether there is a program of a name.
    /// - Returns: Both in one line.
    func faultOfProgram(isOnPath: (String) -> Bool) -> String? {
        guard let words else { return nil }
        if words.last?.hasSuffix("\r") == true {
            return "its first line ends with a carriage return: save the entry with LF line ends"
        }
        guard words.first?.hasSuffix("/env") == true,
            let program = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }),
            !isOnPath(program)
        else { return nil }
        return "its first line asks for '\(displayText(program, limit: 200))', which isn't on PATH"
    }

    /// Why nothing would run it on this system as it is now, before it is tried; nil if nothing is known against it.
    ///
    /// - Parameter environment: Where `PATH` is taken from.
    /// - Returns: The reason in one line.
    func warning(_ environment: [String: String]) -> String? {
        if let interpreter = words?.first, interpreter.hasPrefix("/"),
            !FileManager.default.isExecutableFile(atPath: interpreter)
        {
            return "its interpreter '\(displayText(interpreter, limit: 200))' is not there"
        }
        return faultOfProgram { Self.isOnPath($0, environment) }
    }

    /// Whether there is a program of a name, or at a path.
    static func isOnPath(_ program: String, _ environment: [String: String]) -> Bool {
        if program.contains("/") { return FileManager.default.isExecutableFile(atPath: program) }
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// Whether the beginning is text: programs have bytes in it that no text has.
    private var isText: Bool {
        !beginning.contains { $0 < 0x09 || (0x0E..<0x20).contains($0) && $0 != 0x1B || $0 == 0x7F || $0 >= 0xF8 }
    }

    private static func shown(_ words: [String]) -> String {
        displayText(words.joined(separator: " ").replacing("\r", with: "\\r"), limit: 200)
    }
}
