internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of theskumar/python-dotenv, tests/test_parser.py.
    static let pythonDotenv: [SuiteRow] = [
        .accepts("a=b", "a", "b"),
        .refuses("'a'=b", .quotedName, differs: quotedName),
        .refuses("[=b", .invalidName, differs: "python accepts any name"),
        .accepts(" a = b ", "a", "b"),
        .accepts("export a=b", "a", "b"),
        .refuses(" export 'a'=b", .quotedName, differs: quotedName),
        .accepts("# a=b", [:]),
        .accepts("a=b#c", "a", "b#c", differs: "node and ruby cut at any '#'"),
        .accepts("a=b #c", "a", "b"),
        .accepts("a= #c", "a", ""),
        .accepts("a=  # comment", "a", ""),
        .accepts("a=#b", "a", "#b", differs: "node reads an empty value"),
        .accepts("a=b\t#c", "a", "b"),
        .accepts("a=b c", "a", "b c"),
        .accepts("a=b\tc", "a", "b\tc"),
        .accepts("a=b  c", "a", "b  c"),
        .accepts("a=b\u{A0} c", "a", "b\u{A0} c"),
        .accepts("a=b c ", "a", "b c"),
        .accepts("a='b c '", "a", "b c "),
        .accepts(#"a="b c ""#, "a", "b c "),
        .accepts("export export_a=1", "export_a", "1"),
        .accepts("export port=8000", "port", "8000"),
        .accepts(#"a="b\nc""#, "a", "b\nc"),
        .accepts(#"a='b\nc'"#, "a", #"b\nc"#),
        .accepts(#"a="b\"c""#, "a", #"b"c"#),
        .refuses(
            #"a='b\'c'"#,
            .textAfterClosingQuote,
            differs: "python and compose let \\' stand in single quotes, which are literal here"
        ),
        .accepts("a=à", "a", "à"),
        .accepts(#"a="à""#, "a", "à"),
        .accepts("no_value_var", ["no_value_var": nil]),
        .refuses("a: b", .colonInsteadOfEquals, differs: yaml),
        .accepts("a=b\nc=d", ["a": "b", "c": "d"]),
        .accepts("a=b\rc=d", ["a": "b", "c": "d"]),
        .accepts("a=b\r\nc=d", ["a": "b", "c": "d"]),
        .accepts("a=\nb=c", ["a": "", "b": "c"]),
        .accepts("\n\n", [:]),
        .accepts("a=b\n\n", "a", "b"),
        .accepts("a=b\n\nc=d", ["a": "b", "c": "d"]),
        .accepts("a=b\n# comment 1", "a", "b"),
        .accepts("# comment 1\n# comment 2", [:]),
        .refuses(
            "uglyKey[%$=\"S3cr3t_P4ssw#rD\" #\na=b",
            .invalidName,
            keeps: ["a": "b"],
            differs: "python accepts any name"
        ),
        .accepts("\u{FEFF}a=b", "a", "b"),
        .accepts("\u{FEFF}a=b\nc=d", ["a": "b", "c": "d"]),
    ]

    private static let quotedName = "only python reads quotes around a name"

    /// Inputs of theskumar/python-dotenv, tests/test_parser.py, with quotes over several lines.
    static let pythonDotenvOverLines: [SuiteRow] = [
        .accepts("a=\"b\nc\"", "a", "b\nc"),
        .accepts("a='b\nc'", "a", "b\nc"),
        .refuses(
            "a=\"\nb=c",
            .unterminatedQuote,
            keeps: ["b": "c"],
            differs: "python warns and goes on in the only mode it has, as lenient mode does here"
        ),
        .accepts("# comment\na=\"b\nc\"\nd=e\n", ["a": "b\nc", "d": "e"]),
    ]
}
