internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of joho/godotenv, godotenv_test.go.
    static let godotenv: [SuiteRow] = [
        .accepts("ONE=1\nTWO='2'\nTHREE = \"3\"", ["ONE": "1", "TWO": "2", "THREE": "3"]),
        .accepts(#"FOO="'d'""#, "FOO", "'d'"),
        .refuses("OPTION_A: Foo=bar", .colonInsteadOfEquals, differs: yaml),
        .accepts("OPTION_A=1:B", "OPTION_A", "1:B"),
        .accepts(#"export OPTION_B='\n'"#, "OPTION_B", #"\n"#),
        .accepts("export exportFoo=2", "exportFoo", "2"),
        .accepts("exportFOO=2", "exportFOO", "2"),
        .accepts("export_FOO =2", "export_FOO", "2"),
        .accepts("export.FOO= 2", "export.FOO", "2"),
        .accepts("export\tOPTION_A=2", "OPTION_A", "2"),
        .accepts("  export OPTION_A=2", "OPTION_A", "2"),
        .accepts("\texport OPTION_A=2", "OPTION_A", "2"),
        .accepts("FOO=foobar=", "FOO", "foobar="),
        .accepts("KEY=value value", "KEY", "value value"),
        .accepts("FOO='bar#baz' # comment", "FOO", "bar#baz"),
        .accepts(#"FOO="bar#baz#bang" # comment"#, "FOO", "bar#baz#bang"),
        .accepts(#"FOO="bar\n\ b\az""#, "FOO", "bar\n\\ b\\az", differs: unknownEscape),
        .accepts(#"FOO="bar\\\n\ b\az""#, "FOO", "bar\\\n\\ b\\az", differs: unknownEscape),
        .accepts(#"FOO="bar\\r\ b\az""#, "FOO", #"bar\r\ b\az"#, differs: unknownEscape),
        .refuses(#"="value""#, .missingName, differs: "godotenv and compose bind the empty name"),
        .refuses(
            "---\nKEY:value",
            .yamlList,
            .colonInsteadOfEquals,
            differs: "godotenv accepts a YAML document; see ':'"
        ),
        .accepts(" KEY =value", "KEY", "value"),
        .accepts("   KEY=value", "KEY", "value"),
        .accepts("\tKEY=value", "KEY", "value"),
        .refuses("lol$wut", .invalidName, differs: "node and ruby skip the line; godotenv refuses it as well"),
        .accepts("\n", [:]),
        .accepts("\r\n", [:]),
        .accepts("\t\t ", [:]),
        .accepts("# Comment", [:]),
        .accepts("\t # comment", [:]),
        .accepts("key=value", "key", "value"),
        .accepts(#"key=va"lu"e"#, "key", #"va"lu"e"#),
        .accepts("key=va'lu'e", "key", "va'lu'e"),
        .accepts(#"foo="\n\r\\r!""#, "foo", "\n\r\\r!"),
        .accepts("foo=bar\nbaz=buzz", ["foo": "bar", "baz": "buzz"]),
        .accepts(#"key="10""#, "key", "10"),
        .accepts("KEY=value", "KEY", "value"),
        .accepts("KEY=value value\n", "KEY", "value value"),
        .refuses("KEY: value value", .colonInsteadOfEquals, differs: yaml),
        .refuses("KEY: value value\n", .colonInsteadOfEquals, differs: yaml),
        .accepts(" A=a\n", "A", "a"),
        .accepts("\tA=a\n", "A", "a"),
        .accepts(" \t \t\n\t \t A=a\n", "A", "a"),
        .accepts(" \t\t export    A=a\n", "A", "a"),
        .accepts("A=a \t \t\n", "A", "a"),
        .accepts("export A=a\t \t \n", "A", "a"),
        .accepts("A=a", "A", "a"),
        .accepts("A=a ", "A", "a"),
        .accepts(
            "TEST_URLS=\"stratum+tcp://stratum.antpool.com:3333\nstratum+tcp://stratum.antpool.com:443\"",
            "TEST_URLS",
            "stratum+tcp://stratum.antpool.com:3333\nstratum+tcp://stratum.antpool.com:443"
        ),
    ]

    static let unknownEscape = "godotenv drops a backslash it does not know; here it stays, as in python and compose"

    /// Inputs of joho/godotenv, fixtures.
    static let godotenvFixtures: [SuiteRow] = [
        .accepts("OPTION_C= 3\nOPTION_D =4\nOPTION_E = 5", ["OPTION_C": "3", "OPTION_D": "4", "OPTION_E": "5"]),
        .accepts("OPTION_F = \nOPTION_G=\nOPTION_H=1 2\n", ["OPTION_F": "", "OPTION_G": "", "OPTION_H": "1 2"]),
        .accepts("OPTION_C=''", "OPTION_C", ""),
        .accepts(#"OPTION_I = "echo 'asd'""#, "OPTION_I", "echo 'asd'"),
        .accepts("OPTION_J='line 1\nline 2'", "OPTION_J", "line 1\nline 2"),
        .accepts("OPTION_L=\"line 1\nline 2\"", "OPTION_L", "line 1\nline 2"),
        .accepts("qux=thud # fred # other", "qux", "thud"),
        .accepts("thud=fred#qux # other", "thud", "fred#qux"),
        .accepts("fred=qux#baz # other # more", "fred", "qux#baz"),
        .accepts("bar=foo#baz", "bar", "foo#baz", differs: "node and ruby cut at any '#'"),
        .accepts(##"baz="foo"#bar"##, "baz", "foo"),
        .accepts(
            "OPTION_A=postgres://localhost:5432/database?sslmode=disable",
            "OPTION_A",
            "postgres://localhost:5432/database?sslmode=disable"
        ),
        row("OPTION_A=1\nOPTION_B=${OPTION_A}", ["OPTION_A": "1", "OPTION_B": "1"]).expanding(),
        row("OPTION_A=1\nOPTION_D=${OPTION_A}${OPTION_A}", ["OPTION_A": "1", "OPTION_D": "11"]).expanding(),
        row("OPTION_E=${OPTION_NOT_DEFINED}", ["OPTION_E": ""]).expanding(),
        row("OPTION_F=${GLOBAL_OPTION}", ["OPTION_F": "global"]).expanding(["GLOBAL_OPTION": "global"]),
        row("OPTION_C=$OPTION_B", ["OPTION_C": "$OPTION_B"], plain).expanding(),
    ]
}
