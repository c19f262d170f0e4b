extension DotenvDiagnostic {
    /// What was noticed; more codes may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name, which is stable, such as `unterminated-quote`.
        public let description: String
        let severity: Severity
        /// What is wrong and what to do, in one sentence.
        let remedy: String

        private init(_ name: String, _ remedy: String, _ severity: Severity = .error) {
            description = name
            self.severity = severity
            self.remedy = remedy
        }
    }
}

// MARK: - Errors of syntax

extension DotenvDiagnostic.Code {
    /// A statement without a name: `=value`, or `export` alone.
    public static let missingName = Self("missing-name", "write a name before the '='")

    /// A name with a character that is not a letter, digit, `_`, `.` or `-`, or with `.` or `-` first.
    public static let invalidName = Self(
        "invalid-name",
        "a name is made of ASCII letters, digits, '_', '.' and '-', and begins with a letter, digit or '_'"
    )

    /// Text after a name that is not `=`.
    public static let missingEquals = Self("missing-equals", "write NAME=value, or '#' first if this line is a comment")

    /// `NAME: value`, which is YAML.
    public static let colonInsteadOfEquals = Self(
        "colon-instead-of-equals",
        "write '=' instead of ':' after the name; YAML is not accepted"
    )

    /// A quote that is never closed; the place is the opening quote.
    public static let unterminatedQuote = Self(
        "unterminated-quote",
        "close the quote that opens here, or put the value in the other kind of quotes"
    )

    /// Text after a closing quote that is not a comment.
    public static let textAfterClosingQuote = Self(
        "text-after-closing-quote",
        "only a comment may follow a closing quote; if the value should have ended on an earlier line, close it there"
    )

    /// A `;` after a closing quote, as between the statements of a shell.
    public static let semicolonAfterQuote = Self(
        "semicolon-after-quote",
        "remove the ';', and write what follows it on a line of its own"
    )

    // MARK: - Errors of forms that other programs take

    /// `set NAME=value` and `setx NAME value` of Windows' command prompt, and `set -x NAME value` of fish.
    public static let setCommand = Self(
        "set-command",
        "'set' is a command of a shell or of Windows' prompt; write NAME=value"
    )

    /// `$env:NAME = "value"` of PowerShell, and `$NAME=value`.
    public static let dollarName = Self(
        "dollar-name",
        "a name begins without '$'; write NAME=value instead of PowerShell's $env:NAME"
    )

    /// `"NAME"="value"`, or a line of JSON.
    public static let quotedName = Self("quoted-name", "write the name without quotes: NAME=\"value\"")

    /// A text that is JSON: its first line begins an object or array; the place is the opening bracket.
    public static let json = Self(
        "json",
        "this is JSON, which is not accepted; write a line NAME=value for each member"
    )

    /// `- NAME=value` or `---`, which is YAML.
    public static let yamlList = Self(
        "yaml-list",
        "a line that begins with '-' is YAML, which is not accepted; write NAME=value"
    )

    /// `NAME:=value`, as makefiles write it.
    public static let colonEquals = Self("colon-equals", "write '=' instead of ':=' after the name")

    /// A value in `"""` or `'''`, as Python and TOML write them; the place is the first quote.
    public static let tripleQuotes = Self(
        "triple-quotes",
        "write one quote on each side of the value; it may span lines as it is"
    )

    /// A value in back-ticks over several lines, as Node's dotenv reads it; the place is the first back-tick.
    public static let backtickQuotes = Self(
        "backtick-quotes",
        "back-ticks are not quotes here; write one single or double quote on each side, and the value may span lines"
    )

    // MARK: - Errors of the text as a whole

    /// A NUL byte, which cuts a value short wherever C strings are used.
    public static let nul = Self("nul", "remove the NUL byte")

    /// Bytes that are not UTF-8.
    public static let invalidUTF8 = Self("invalid-utf8", "save the file as UTF-8")

    /// A text encoded as UTF-16.
    public static let unsupportedEncoding = Self("unsupported-encoding", "save the file as UTF-8, not UTF-16")

    /// A text over the size limit.
    public static let tooLarge = Self("too-large", "the text is over the size limit for .env files")

    // MARK: - Errors of expansion and editing

    /// A `${` that is neither `${NAME}` nor `${NAME:-default}`.
    public static let malformedExpansion = Self(
        "malformed-expansion",
        "write ${NAME} or ${NAME:-default}, or put a literal '${' in single quotes"
    )

    /// A value that refers to itself through others.
    public static let expansionCycle = Self("expansion-cycle", "break the circle of ${} references")

    /// A chain of references or defaults over the depth limit.
    public static let expansionTooDeep = Self("expansion-too-deep", "shorten the chain of ${} references")

    /// Expanded values over the size limit.
    public static let expansionTooLarge = Self("expansion-too-large", "the expanded values are too large")

    /// An edit that would change how other lines are read, because a skipped line above has an open quote.
    public static let editConflict = Self(
        "edit-conflict",
        "fix the lines with errors first: this edit would change how they are read"
    )

    // MARK: - Warnings

    /// A name bound before; this binding wins.
    public static let duplicateName = Self(
        "duplicate-name",
        "bound before; the last binding wins, so remove the others",
        .warning
    )

    /// A word alone on its line: a declaration, a missing `=`, or a pasted key.
    public static let declaredWithoutValue = Self(
        "declared-without-value",
        "a word without '=' has no value; write NAME=value",
        .warning
    )

    /// A value without quotes with `; export` in it, which a shell takes for two statements.
    public static let semicolonInValue = Self(
        "semicolon-in-value",
        "a ';' ends no statement here and is part of the value; write what follows it on a line of its own",
        .warning
    )

    /// A value that begins with a back-tick, which only Node's dotenv reads as a quote.
    public static let literalBacktick = Self(
        "literal-backtick",
        "back-ticks are not quotes here and stay in the value; use single or double quotes",
        .warning
    )

    /// A reference to a name that is not set, replaced with nothing.
    public static let undefinedReference = Self(
        "undefined-reference",
        "refers to a name that is not set, which is empty; give it a value or a default",
        .warning
    )
}
