internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of motdotla/dotenv, tests/test-parse-fast.js.
    static let nodeDotenvParity: [SuiteRow] = [
        .accepts("export KEY=value", "KEY", "value"),
        .refuses("KEY: value", .colonInsteadOfEquals, differs: yaml),
        .accepts("SINGLE='single'", "SINGLE", "single"),
        .accepts(#"DOUBLE="double""#, "DOUBLE", "double"),
        .accepts("BACKTICK=`backtick`", "BACKTICK", "`backtick`", differs: backticks),
        .accepts(#"DOUBLE="line one\nline two""#, "DOUBLE", "line one\nline two"),
        .accepts("INLINE=value # comment", "INLINE", "value"),
        .accepts(#"HASH="value#notcomment""#, "HASH", "value#notcomment"),
        .accepts("EQUALS==value", "EQUALS", "=value"),
        .accepts("# comment only\n", [:]),
        .accepts("", [:]),
        .accepts("KEY=val\r\nOTHER=ok\r", ["KEY": "val", "OTHER": "ok"]),
        .accepts("MULTI=\"one\ntwo\"", "MULTI", "one\ntwo"),
        .accepts(#"ESCAPED="say \"hi\"""#, "ESCAPED", #"say "hi""#, differs: "node keeps the backslashes"),
        .accepts("\u{FEFF}BASIC=basic", "BASIC", "basic"),
        .accepts("\u{FEFF}BASIC=basic\nSECOND=two\n", ["BASIC": "basic", "SECOND": "two"]),
        .accepts("\u{FEFF}export BASIC=basic\n", "BASIC", "basic"),
        .accepts("\u{FEFF}# comment first\nBASIC=basic\n", "BASIC", "basic"),
        .accepts("\u{FEFF}", [:]),
        .refuses("\n\u{FEFF}BASIC=basic\n", .invalidName, differs: strayMark),
        .refuses("FIRST=one\n\u{FEFF}SECOND=two\n", .invalidName, keeps: ["FIRST": "one"], differs: strayMark),
        .accepts(#"KEY="\\""#, "KEY", #"\"#, differs: escapedBackslash),
        .accepts(#"KEY="\\""# + "\nNEXT=ok\n", ["KEY": #"\"#, "NEXT": "ok"], differs: escapedBackslash),
        .accepts(#"KEY='\\'"# + "\nNEXT=ok\n", ["KEY": #"\\"#, "NEXT": "ok"]),
        .accepts(#"KEY=`\\`"# + "\nNEXT=ok\n", ["KEY": #"`\\`"#, "NEXT": "ok"], differs: backticks),
        .accepts(
            #"WINDIR="C:\\Users\\me\\""# + "\nAPI_KEY=secret\nPORT=3000\n",
            ["WINDIR": #"C:\Users\me\"#, "API_KEY": "secret", "PORT": "3000"],
            differs: escapedBackslash
        ),
        .accepts(#"KEY="a\\b""# + "\nNEXT=ok\n", ["KEY": #"a\b"#, "NEXT": "ok"], differs: escapedBackslash),
        .accepts(#"KEY="\\\\""# + "\nNEXT=ok\n", ["KEY": #"\\"#, "NEXT": "ok"], differs: escapedBackslash),
        .accepts(
            #"A="\\""# + "\nB=plain\nC=\"quoted\"\nD=last\n",
            ["A": #"\"#, "B": "plain", "C": "quoted", "D": "last"],
            differs: escapedBackslash
        ),
        .refuses(
            "A=\n\n\"hello\nworld\"",
            .quotedName,
            .invalidName,
            keeps: ["A": ""],
            differs: "node takes an empty value from a later line"
        ),
        .refuses("A=\n'b'", .quotedName, keeps: ["A": ""], differs: "node takes an empty value from a later line"),
        .refuses("\u{0C}A=1", .invalidName, differs: "node takes a form feed for a blank"),
        .refuses("\u{0B}A=1", .invalidName, differs: "node takes a vertical tab for a blank"),
        .refuses("\u{A0}A=1", .invalidName, differs: "node takes a no-break space for a blank"),
        .refuses(#"TOKEN="abc" oops"#, .textAfterClosingQuote, differs: "node keeps the quotes in the value"),
        .refuses(#"KEY="line one\nline two"#, .unterminatedQuote, differs: "node keeps the quote in the value"),
        .refuses(#"KEY="line one\rline two"#, .unterminatedQuote, differs: "node keeps the quote in the value"),
        .refuses(#"KEY="a" "b""#, .textAfterClosingQuote, differs: "node keeps the inner quotes"),
    ]

    static let yaml = "node, ruby, godotenv and compose accept ':'; python refuses it as well"
    private static let strayMark = "node takes U+FEFF for a blank anywhere; here only at the start of the text"
    private static let escapedBackslash = "node keeps both backslashes; python and compose make one"
}
