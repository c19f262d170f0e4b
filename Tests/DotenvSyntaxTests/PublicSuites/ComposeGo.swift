internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of compose-spec/compose-go, dotenv/godotenv_test.go and parser_test.go, that godotenv has not.
    static let composeGo: [SuiteRow] = [
        .accepts(#"FOO="\"quoted\"""#, "FOO", #""quoted""#),
        .accepts(#"export OPTION_A="export A""#, "OPTION_A", "export A"),
        .accepts(#"FOO=a\tb"#, "FOO", #"a\tb"#),
        .accepts(#"FOO="a\tb""#, "FOO", "a\tb"),
        .accepts(
            #"KEY="Z\aZ\bZ\fZ\nZ\rZ\tZ\vZ\\Z\0123Z""#,
            "KEY",
            "Z\\aZ\\bZ\\fZ\nZ\rZ\tZ\\vZ\\Z\\0123Z",
            differs: "compose knows all escapes of echo; here only those every dialect may write"
        ),
        .accepts("FOO=bar #this is foo", "FOO", "bar"),
        .accepts("FOO=bar #", "FOO", "bar"),
        .accepts("FOO=123#not-an-inline-comment", "FOO", "123#not-an-inline-comment"),
        .accepts(#"FOO="bar#baz""#, "FOO", "bar#baz"),
        .accepts(##"FOO="bar#baz"#"##, "FOO", "bar#baz"),
        .accepts(#"FOO="bar\nbaz\\""#, "FOO", "bar\nbaz\\"),
        .accepts(#"KEY="\0123""#, "KEY", #"\0123"#, differs: "compose reads an octal escape"),
        .accepts(#"KEY="\x07""#, "KEY", #"\x07"#),
        .accepts(#"KEY="\u12e4""#, "KEY", #"\u12e4"#),
        .accepts(#"KEY="\U00101234""#, "KEY", #"\U00101234"#),
        .refuses(#"KEY=""#, .unterminatedQuote, differs: keepsQuote),
        .refuses(#"KEY="value"#, .unterminatedQuote, differs: keepsQuote),
        .refuses(#"KEY="value\""#, .unterminatedQuote, differs: keepsQuote),
        .refuses(#"KEY="value'"#, .unterminatedQuote, differs: keepsQuote),
        .refuses("KEY='", .unterminatedQuote, differs: keepsQuote),
        .refuses("KEY='value", .unterminatedQuote, differs: keepsQuote),
        .accepts(
            #"KEY='value\'"#,
            "KEY",
            #"value\"#,
            differs: "compose lets the backslash escape the quote; single quotes are literal here"
        ),
        .refuses(#"KEY='value""#, .unterminatedQuote, differs: keepsQuote),
        .accepts("VARIABLE_NOT_FOUND", ["VARIABLE_NOT_FOUND": nil], differs: "compose takes it from the process"),
        .accepts("foo=bar\nbar=baz\nexport X", ["foo": "bar", "bar": "baz", "X": nil]),
        .accepts("VAR-WITH-DASHES=dashes", "VAR-WITH-DASHES", "dashes", differs: "ruby skips a name with '-'"),
        .accepts("VAR.WITH.DOTS=dots", "VAR.WITH.DOTS", "dots"),
        .accepts("VAR_WITH_UNDERSCORES=underscores", "VAR_WITH_UNDERSCORES", "underscores"),
        .accepts("\u{FEFF}OPTION_A=1\nOPTION_B=2", ["OPTION_A": "1", "OPTION_B": "2"]),
        .accepts("a=b\na.propertyKey=d", ["a": "b", "a.propertyKey": "d"]),
        .refuses("a=b\na[1]=c", .invalidName, keeps: ["a": "b"], differs: "compose accepts brackets in a name"),
        .refuses("árvíztűrő-TÜKÖRFÚRÓGÉP=x", .invalidName, differs: "compose accepts letters beyond ASCII in a name"),
        .accepts("k=ÁRVÍZTŰRŐ-tükörfúrógép", "k", "ÁRVÍZTŰRŐ-tükörfúrógép"),
        .refuses("%!(EXTRA string)=foo", .invalidName, differs: "node and ruby skip the line"),
        .accepts("OPTION_J = 'first line\nsecond line\nthird line\nand so on'", "OPTION_J", fourLines),
        .accepts("OPTION_D=then another one special è char", "OPTION_D", "then another one special è char"),
        .refuses("KEY VALUE=x", .missingEquals, differs: "ruby and node skip the line; compose refuses it as well"),
    ]

    private static let keepsQuote = "node and ruby keep the quote in the value; compose refuses it as well"
    private static let fourLines = "first line\nsecond line\nthird line\nand so on"

    /// Inputs of compose-spec/compose-go, dotenv/godotenv_var_expansion_test.go.
    static let composeGoExpansion: [SuiteRow] = [
        row("RESULT=${UNSET_VAR:-Default Value}", ["RESULT": "Default Value"]).expanding(outside),
        row("RESULT=${EMPTY_VAR:-Default Value}", ["RESULT": "Default Value"]).expanding(outside),
        row("RESULT=${TEST_VAR:-Default Value}", ["RESULT": "Test Value"]).expanding(outside),
        SuiteRow.refuses("RESULT=${UNSET_VAR:?Test error}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${EMPTY_VAR:?Test error}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${TEST_VAR:?Default Value}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${UNSET_VAR?Test error}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${TEST_VAR?Default Value}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${UNSET_VAR-Default Value}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${TEST_VAR-Default Value}", .malformedExpansion, differs: otherForms)
            .expanding(outside),
        SuiteRow.refuses("RESULT=${UNSET_VAR-default}", .malformedExpansion, differs: otherForms).expanding(outside),
        row("OPTION_A=1\nOPTION_B=${OPTION_A}", ["OPTION_A": "1", "OPTION_B": "5"]).expanding(["OPTION_A": "5"]),
        row("OPTION_A=${OPTION_A:-1}\nOPTION_B=${OPTION_A}", ["OPTION_A": "5", "OPTION_B": "5"])
            .expanding(["OPTION_A": "5"]),
        row("OPTION_A=${OPTION_A:-1}\nOPTION_B=${OPTION_A}", ["OPTION_A": "1", "OPTION_B": "1"]).expanding(),
        row("TEST=$ME", ["TEST": "$ME"], plain).expanding(["ME": "YES"]),
        row("TEST=${ME}", ["TEST": "YES"]).expanding(["ME": "YES"]),
    ]

    private static let outside = ["EMPTY_VAR": "", "TEST_VAR": "Test Value"]
    private static let otherForms = "compose and bash know '-', '?' and ':?'; here only ${NAME} and ${NAME:-default}"
}
