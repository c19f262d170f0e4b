internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of motdotla/dotenv, tests/.env and tests/test-parse.js.
    static let nodeDotenv: [SuiteRow] = [
        .accepts("BASIC=basic", "BASIC", "basic"),
        .accepts("BASIC=basic\n\n# previous line intentionally left blank\n", "BASIC", "basic"),
        .accepts("AFTER_LINE=after_line", "AFTER_LINE", "after_line"),
        .accepts("EMPTY=", "EMPTY", ""),
        .accepts("EMPTY_SINGLE_QUOTES=''", "EMPTY_SINGLE_QUOTES", ""),
        .accepts(#"EMPTY_DOUBLE_QUOTES="""#, "EMPTY_DOUBLE_QUOTES", ""),
        .accepts("EMPTY_BACKTICKS=``", "EMPTY_BACKTICKS", "``", differs: backticks),
        .accepts("SINGLE_QUOTES='single_quotes'", "SINGLE_QUOTES", "single_quotes"),
        .accepts("SINGLE_QUOTES_SPACED='    single quotes    '", "SINGLE_QUOTES_SPACED", "    single quotes    "),
        .accepts(#"DOUBLE_QUOTES="double_quotes""#, "DOUBLE_QUOTES", "double_quotes"),
        .accepts(#"DOUBLE_QUOTES_SPACED="    double quotes    ""#, "DOUBLE_QUOTES_SPACED", "    double quotes    "),
        .accepts(
            #"DOUBLE_QUOTES_INSIDE_SINGLE='double "quotes" work inside single quotes'"#,
            "DOUBLE_QUOTES_INSIDE_SINGLE",
            #"double "quotes" work inside single quotes"#
        ),
        .accepts(
            #"DOUBLE_QUOTES_WITH_NO_SPACE_BRACKET="{ port: $MONGOLAB_PORT}""#,
            "DOUBLE_QUOTES_WITH_NO_SPACE_BRACKET",
            "{ port: $MONGOLAB_PORT}"
        ),
        .accepts(
            #"SINGLE_QUOTES_INSIDE_DOUBLE="single 'quotes' work inside double quotes""#,
            "SINGLE_QUOTES_INSIDE_DOUBLE",
            "single 'quotes' work inside double quotes"
        ),
        .accepts(
            "BACKTICKS_INSIDE_SINGLE='`backticks` work inside single quotes'",
            "BACKTICKS_INSIDE_SINGLE",
            "`backticks` work inside single quotes"
        ),
        .accepts(
            #"BACKTICKS_INSIDE_DOUBLE="`backticks` work inside double quotes""#,
            "BACKTICKS_INSIDE_DOUBLE",
            "`backticks` work inside double quotes"
        ),
        .accepts("BACKTICKS=`backticks`", "BACKTICKS", "`backticks`", differs: backticks),
        .accepts("BACKTICKS_SPACED=`    backticks    `", "BACKTICKS_SPACED", "`    backticks    `", differs: backticks),
        .accepts(
            #"DOUBLE_QUOTES_INSIDE_BACKTICKS=`double "quotes" work inside backticks`"#,
            "DOUBLE_QUOTES_INSIDE_BACKTICKS",
            #"`double "quotes" work inside backticks`"#,
            differs: backticks
        ),
        .accepts(#"EXPAND_NEWLINES="expand\nnew\nlines""#, "EXPAND_NEWLINES", "expand\nnew\nlines"),
        .accepts(#"DONT_EXPAND_UNQUOTED=dontexpand\nnewlines"#, "DONT_EXPAND_UNQUOTED", #"dontexpand\nnewlines"#),
        .accepts(#"DONT_EXPAND_SQUOTED='dontexpand\nnewlines'"#, "DONT_EXPAND_SQUOTED", #"dontexpand\nnewlines"#),
        .accepts("# COMMENTS=work", [:]),
        .accepts("INLINE_COMMENTS=inline comments # work #very #well", "INLINE_COMMENTS", "inline comments"),
        .accepts(
            "INLINE_COMMENTS_SINGLE_QUOTES='inline comments outside of #singlequotes' # work",
            "INLINE_COMMENTS_SINGLE_QUOTES",
            "inline comments outside of #singlequotes"
        ),
        .accepts(
            #"INLINE_COMMENTS_DOUBLE_QUOTES="inline comments outside of #doublequotes" # work"#,
            "INLINE_COMMENTS_DOUBLE_QUOTES",
            "inline comments outside of #doublequotes"
        ),
        .accepts(
            "INLINE_COMMENTS_BACKTICKS=`inline comments outside of #backticks` # work",
            "INLINE_COMMENTS_BACKTICKS",
            "`inline comments outside of",
            differs: backticks
        ),
        .accepts(
            "INLINE_COMMENTS_SPACE=inline comments start with a#number sign. no space required.",
            "INLINE_COMMENTS_SPACE",
            "inline comments start with a#number sign. no space required.",
            differs: "node and ruby cut at any '#'; python, godotenv, compose and bash keep it, for passwords' sake"
        ),
        .accepts(
            "INLINE_COMMENTS_SPACE_BEFORE_HASH=inline comments start with a #number sign. no space required.",
            "INLINE_COMMENTS_SPACE_BEFORE_HASH",
            "inline comments start with a"
        ),
        .accepts("EQUAL_SIGNS=equals==", "EQUAL_SIGNS", "equals=="),
        .accepts(#"RETAIN_INNER_QUOTES={"foo": "bar"}"#, "RETAIN_INNER_QUOTES", #"{"foo": "bar"}"#),
        .accepts(
            #"RETAIN_INNER_QUOTES_AS_STRING='{"foo": "bar"}'"#,
            "RETAIN_INNER_QUOTES_AS_STRING",
            #"{"foo": "bar"}"#
        ),
        .accepts(
            #"RETAIN_INNER_QUOTES_AS_BACKTICKS=`{"foo": "bar's"}`"#,
            "RETAIN_INNER_QUOTES_AS_BACKTICKS",
            #"`{"foo": "bar's"}`"#,
            differs: backticks
        ),
        .refuses(
            #"RETAIN_LEADING_DQUOTE="retained"#,
            .unterminatedQuote,
            differs: "node and ruby keep the quote in the value; godotenv and compose refuse it"
        ),
        .refuses(
            "RETAIN_LEADING_SQUOTE='retained",
            .unterminatedQuote,
            differs: "node and ruby keep the quote in the value; godotenv and compose refuse it"
        ),
        .accepts(#"RETAIN_TRAILING_DQUOTE=retained""#, "RETAIN_TRAILING_DQUOTE", #"retained""#),
        .accepts("RETAIN_TRAILING_SQUOTE=retained'", "RETAIN_TRAILING_SQUOTE", "retained'"),
        .accepts(
            "TRIM_SPACE_FROM_UNQUOTED=    some spaced out string",
            "TRIM_SPACE_FROM_UNQUOTED",
            "some spaced out string"
        ),
        .accepts("USERNAME=therealnerdybeast@example.tld", "USERNAME", "therealnerdybeast@example.tld"),
        .accepts("    SPACED_KEY = parsed", "SPACED_KEY", "parsed"),
        .accepts("BUFFER=true", "BUFFER", "true"),
        .accepts("SERVER=localhost\rPASSWORD=password\rDB=tests\r", nodeServer),
        .accepts("SERVER=localhost\nPASSWORD=password\nDB=tests\n", nodeServer),
        .accepts("SERVER=localhost\r\nPASSWORD=password\r\nDB=tests\r\n", nodeServer),
        .refuses("what is this", .missingEquals, differs: "node skips the line"),
    ]

    static let backticks = "node reads back-ticks as quotes; here they stay, with a warning, as in every other family"

    private static let nodeServer: [String: String?] = [
        "SERVER": "localhost", "PASSWORD": "password", "DB": "tests",
    ]
}
