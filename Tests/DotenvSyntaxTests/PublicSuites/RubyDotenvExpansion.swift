internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of bkeepers/dotenv, spec/dotenv/parser_spec.rb, with expansion on.
    static let rubyDotenvExpansion: [SuiteRow] = [
        row("FOO=test\nBAR=$FOO", ["FOO": "test", "BAR": "$FOO"], plain).expanding(),
        row("FOO=test\nBAR=${FOO}bar", ["FOO": "test", "BAR": "testbar"]).expanding(),
        row("BAR=$FOO", ["BAR": "$FOO"], plain).expanding(["FOO": "test"]),
        row("FOO=development\nBAR=${FOO}", ["FOO": "development", "BAR": "test"]).expanding(["FOO": "test"]),
        row("BAR=$FOO", ["BAR": "$FOO"], plain).expanding(),
        row("FOO=test\nBAR=\"quote $FOO\"", ["FOO": "test", "BAR": "quote $FOO"], plain).expanding(),
        row("BAR='quote $FOO'", ["BAR": "quote $FOO"]).expanding(),
        row("FOO=test\nBAR='quote ${FOO}'", ["FOO": "test", "BAR": "quote ${FOO}"]).expanding(),
        row(#"FOO="foo\$BAR""#, ["FOO": "foo$BAR"]).expanding(),
        row(#"FOO="foo\${BAR}""#, ["FOO": "foo${BAR}"]).expanding(),
        row("FOO=test\n" + #"BAR="foo\${FOO} ${FOO}""#, ["FOO": "test", "BAR": "foo${FOO} test"]).expanding(),
        row(#"echo=escaped-\$(echo hello)"#, ["echo": "escaped-$(echo hello)"]).expanding(),
        row("FOO=test\nBAR=${FOO}bar", ["FOO": "test", "BAR": "${FOO}bar"], offByDefault),
        row("FOO=test\nBAR=\"quote ${FOO}\"", ["FOO": "test", "BAR": "quote ${FOO}"], offByDefault),
    ]

    private static let offByDefault = "ruby always expands; here a value stands as written unless asked"

    /// Inputs of bkeepers/dotenv, spec/dotenv/parser_spec.rb, over several lines.
    static let rubyDotenvOverLines: [SuiteRow] = [
        .accepts("OPTION_B='line 1\nline 2\nline 3'\nOPTION_C=\"last line\"", threeLines),
        .accepts("export OPTION_B=\"line 1\nline 2\nline 3\"\nOPTION_C=\"last line\"", threeLines),
        .refuses(
            "OPTION_ESCAPED='line one\nthis is \\'quoted\\'\none more line'",
            .missingEquals,
            .textAfterClosingQuote,
            .missingEquals,
            differs: "ruby and godotenv let \\' stand in single quotes, which are literal here, as in a shell"
        ),
        .accepts(
            "OPTION_ESCAPED=\"line one\nthis is \\\"quoted\\\"\none more line\"",
            "OPTION_ESCAPED",
            "line one\nthis is \"quoted\"\none more line"
        ),
    ]

    private static let threeLines: [String: String?] = ["OPTION_B": "line 1\nline 2\nline 3", "OPTION_C": "last line"]
}
