/// One parsed `.env` text.
///
/// The original bytes are kept, so an edit changes one value and leaves every other byte alone. Parsing has no side
/// effects: nothing is put into the process environment, no file is opened and no command is run.
///
/// Values may be secrets. They come out of ``subscript(_:)``, ``entries`` and ``bytes`` only; printing, reflecting or
/// dumping a file, or anything that holds one, shows none.
public struct DotenvFile: Sendable {
    /// The bindings in file order, duplicates included.
    public private(set) var entries: [DotenvEntry]

    /// What was noticed: in both modes the warnings, in lenient mode also the error behind everything skipped.
    public private(set) var diagnostics: [DotenvDiagnostic]

    /// The exact text, byte for byte, byte order mark and line endings included.
    public private(set) var bytes: [UInt8]

    /// The options the text was parsed with; edits parse with them again.
    public internal(set) var options: Options

    /// For each name the entry that decides: the last one with a value, or else the last declaration.
    var index: [String: Int]

    /// Creates a file with no text, to be filled with ``set(_:to:)``.
    ///
    /// - Parameter options: The mode, limits and expansion that edits parse with.
    public init(options: Options = Options()) {
        entries = []
        diagnostics = []
        bytes = []
        index = [:]
        self.options = options
    }

    /// Parses UTF-8 text.
    ///
    /// - Parameters:
    ///   - bytes: The text. One byte order mark at its start is ignored.
    ///   - options: The mode, limits and expansion to parse with.
    /// - Throws: ``DotenvError`` with every error of the text in strict mode. In lenient mode only when nothing of the
    ///   text is usable: it is over the size limit or encoded as UTF-16.
    public init(parsing bytes: some Collection<UInt8>, options: Options = Options()) throws(DotenvError) {
        guard bytes.count <= options.maximumBytes else {
            throw DotenvError(DotenvDiagnostic(.tooLarge))
        }
        try self.init(text: Array(bytes), options: options)
    }

    /// Parses a string.
    ///
    /// - Parameters:
    ///   - text: The text. One byte order mark at its start is ignored.
    ///   - options: The mode, limits and expansion to parse with.
    /// - Throws: ``DotenvError`` with every error of the text in strict mode; see ``init(parsing:options:)``.
    public init(parsing text: some StringProtocol, options: Options = Options()) throws(DotenvError) {
        try self.init(parsing: text.utf8, options: options)
    }

    private init(text: [UInt8], options: Options) throws(DotenvError) {
        var parsed = ParsedText(text)
        if parsed.isUTF16 {
            throw DotenvError(DotenvDiagnostic(.unsupportedEncoding, line: 1, column: 1))
        }
        parsed.expand(text, options: options)
        let index = parsed.makeIndex()
        parsed.diagnostics.sort { ($0.line, $0.column) < ($1.line, $1.column) }
        if options.mode == .strict {
            let errors = parsed.diagnostics.filter { $0.severity == .error }
            guard errors.isEmpty else { throw DotenvError(diagnostics: errors) }
        }
        entries = parsed.entries
        diagnostics = parsed.diagnostics
        bytes = text
        self.options = options
        self.index = index
    }
}

// MARK: - Looking up

extension DotenvFile {
    /// The value bound to a name.
    ///
    /// The last binding wins, as in every dialect. A declaration without a value (`export NAME`) does not hide an
    /// earlier value, as in a shell and in Ruby's dotenv.
    ///
    /// - Parameter name: The exact name; case matters.
    /// - Returns: The value, or nil when the name is unset or only declared.
    public subscript(name: String) -> String? {
        entry(named: name)?.value
    }

    /// The entry that decides a name: its last one with a value, or else its last declaration.
    ///
    /// - Parameter name: The exact name; case matters.
    /// - Returns: The entry, or nil when the name does not occur.
    public func entry(named name: String) -> DotenvEntry? {
        index[name].map { entries[$0] }
    }

    /// Every name that is bound or exported, once, in order of first appearance.
    ///
    /// A word alone on its line is left out: it may be a key pasted without a name. It is still in ``entries``.
    public var names: [String] {
        var seen: Set<String> = []
        return entries.compactMap { entry in
            entry.isNameKnown && seen.insert(entry.name).inserted ? entry.name : nil
        }
    }
}

// MARK: - Descriptions

extension DotenvFile: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Counts only; no name and no value.
    public var description: String {
        "DotenvFile(\(entries.count) entries, \(diagnostics.count) diagnostics, \(bytes.count) bytes)"
    }

    /// Counts only; no name and no value.
    public var debugDescription: String { description }

    /// A mirror without the text: entries show themselves redacted.
    public var customMirror: Mirror {
        Mirror(self, children: ["entries": entries, "diagnostics": diagnostics], displayStyle: .struct)
    }
}
