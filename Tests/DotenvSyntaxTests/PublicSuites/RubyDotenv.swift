internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of bkeepers/dotenv, spec/dotenv/parser_spec.rb, without expansion.
    static let rubyDotenv: [SuiteRow] = [
        .accepts("FOO=bar", "FOO", "bar"),
        .accepts("FOO= bar", "FOO", "bar"),
        .accepts(#"FOO=bar\ bar"#, "FOO", #"bar\ bar"#, differs: "ruby drops the backslash; bare values are literal"),
        .accepts("FOO =bar", "FOO", "bar"),
        .accepts("  FOO=bar", "FOO", "bar"),
        .accepts("FOO=bar  ", "FOO", "bar"),
        .accepts(#"FOO="bar""#, "FOO", "bar"),
        .accepts(#"FOO="bar"  "#, "FOO", "bar"),
        .accepts("FOO='bar'", "FOO", "bar"),
        .accepts("FOO='bar'  ", "FOO", "bar"),
        .accepts(#"FOO="escaped\"bar""#, "FOO", #"escaped"bar"#),
        .accepts("FOO=", "FOO", ""),
        .refuses("OPTION_A: 1", .colonInsteadOfEquals, differs: yaml),
        .accepts("export OPTION_A=2", "OPTION_A", "2"),
        .accepts("OPTION_A=2\nexport OPTION_A", "OPTION_A", "2"),
        .accepts(
            "OPTION_A=2\nexport OH_NO_NOT_SET",
            ["OPTION_A": "2", "OH_NO_NOT_SET": nil],
            differs: "ruby refuses to export what is not set; here it is declared without a value"
        ),
        .accepts(#"FOO="bar\nbaz""#, "FOO", "bar\nbaz", differs: "ruby keeps \\n unless in its legacy mode"),
        .accepts(#"FOO="bar\\nbaz""#, "FOO", #"bar\nbaz"#),
        .accepts(
            "DOTENV_LINEBREAK_MODE=legacy\n" + #"FOO="bar\nbaz\rfizz""#,
            ["DOTENV_LINEBREAK_MODE": "legacy", "FOO": "bar\nbaz\rfizz"]
        ),
        .accepts("FOO.BAR=foobar", "FOO.BAR", "foobar"),
        .accepts("foo=bar ", "foo", "bar"),
        .refuses("lol$wut", .invalidName, differs: "ruby skips the line"),
        .accepts("\n \t  \nfoo=bar\n \nfizz=buzz", ["foo": "bar", "fizz": "buzz"]),
        .accepts("foo=bar # this is foo", "foo", "bar"),
        .accepts(#"foo="bar#baz" # comment"#, "foo", "bar#baz"),
        .accepts(#"foo= "bar#baz" # comment"#, "foo", "bar#baz"),
        .accepts("\n\n\n # HERE GOES FOO \nfoo=bar", "foo", "bar"),
        .accepts("# HELLO=world\n", [:]),
        .accepts("# Uncomment to activate:\n", [:]),
        .accepts(
            "DATABASE_PASSWORD=\nDATABASE_USERNAME=root\nDATABASE_HOST=/tmp/mysql.sock",
            ["DATABASE_PASSWORD": "", "DATABASE_USERNAME": "root", "DATABASE_HOST": "/tmp/mysql.sock"]
        ),
        .accepts(#"foo="ba#r""#, "foo", "ba#r"),
        .accepts("foo='ba#r'", "foo", "ba#r"),
        .accepts(#"foo="ba#r"  "#, "foo", "ba#r"),
        .accepts("foo='ba#r'  ", "foo", "ba#r"),
        .accepts("foo=", "foo", ""),
        .accepts("FOO=bar\rbaz=fbb", ["FOO": "bar", "baz": "fbb"]),
        .accepts("FOO=bar\r\nbaz=fbb", ["FOO": "bar", "baz": "fbb"]),
        .accepts(#"FOO="bar\rbaz""#, "FOO", "bar\rbaz", differs: "ruby keeps \\r unless in its legacy mode"),
        .accepts(#"FOO="bar\$ \$\$""#, "FOO", "bar$ $$"),
        .accepts(#"FOO="bar $ ""#, "FOO", "bar $ "),
        .accepts("echo=$(echo hello)", "echo", "$(echo hello)", differs: noCommand),
        .accepts(
            #"echo=$(echo "$(echo "$(echo "$(echo hello)")")")"#,
            "echo",
            #"$(echo "$(echo "$(echo "$(echo hello)")")")"#,
            differs: noCommand
        ),
        .accepts(#"echo=escaped-\$(echo hello)"#, "echo", #"escaped-\$(echo hello)"#, differs: "bare is literal"),
        .accepts(
            #"interp=$(echo "Quotes won't be a problem")"#,
            "interp",
            #"$(echo "Quotes won't be a problem")"#,
            differs: noCommand
        ),
        .accepts(
            "VAR1=var1\n" + #"interp=$(echo "VAR1 is $VAR1")"#,
            ["VAR1": "var1", "interp": #"$(echo "VAR1 is $VAR1")"#],
            differs: noCommand
        ),
        .refuses(
            "OPTION_A: 1\nOPTION_B: '2'\nOPTION_C: ''\nOPTION_D: '\\n'\n",
            .colonInsteadOfEquals,
            .colonInsteadOfEquals,
            .colonInsteadOfEquals,
            .colonInsteadOfEquals,
            differs: yaml
        ),
    ]

    private static let noCommand = "ruby runs the command; no command is ever run here"
}
