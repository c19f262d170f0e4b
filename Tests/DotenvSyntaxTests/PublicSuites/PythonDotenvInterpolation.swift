internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of theskumar/python-dotenv, tests/test_main.py and tests/test_variables.py.
    static let pythonDotenvInterpolation: [SuiteRow] = [
        row("a=$b", ["a": "$b"]),
        row("a=$b", ["a": "$b"]).expanding(outside, preferring: .file),
        row("a=${b}", ["a": "${b}"]),
        row("a=${b}", ["a": "c"]).expanding(outside, preferring: .file),
        row("a=${b:-d}", ["a": "${b:-d}"]),
        row("a=${b:-d}", ["a": "c"]).expanding(outside, preferring: .file),
        row("b=c\na=${b}", ["a": "c", "b": "c"]).expanding(preferring: .file),
        row("a=${b}", ["a": ""]).expanding(preferring: .file),
        row("a=${b:-d}", ["a": "d"]).expanding(preferring: .file),
        row(#"a="${b}""#, ["a": "c"]).expanding(outside, preferring: .file),
        row("a='${b}'", ["a": "${b}"], "python expands in single quotes, which are literal here")
            .expanding(outside, preferring: .file),
        row("a=x${b}y", ["a": "xcy"]).expanding(outside, preferring: .file),
        row("a=${a}", ["a": "b"]).expanding(["a": "b"], preferring: .file),
        row("a=${a}", ["a": ""]).expanding(preferring: .file),
        row("a=${a:-c}", ["a": "b"]).expanding(["a": "b"], preferring: .file),
        row("a=${a:-c}", ["a": "c"]).expanding(preferring: .file),
        row("a=${b}${b}", ["a": "cc"]).expanding(outside, preferring: .file),
        row("b=d\na=${b}", ["a": "d", "b": "d"]).expanding(outside, preferring: .file),
        row("b=d\na=${b}", ["a": "c", "b": "d"]).expanding(outside),
        row("a=b\na=c\nd=${a}", ["a": "c", "d": "c"]).expanding(preferring: .file),
        row("a=b\nc=${a}\nd=e\nc=${d}", ["a": "b", "c": "e", "d": "e"]).expanding(preferring: .file),
        row("v=", ["v": ""]).expanding(),
        row("v=a", ["v": "a"]).expanding(),
        row("v=${a}${b}", ["v": "12"]).expanding(["a": "1", "b": "2"]),
        row("v=a${b}c${d}e", ["v": "a1c2e"]).expanding(["b": "1", "d": "2"]),
    ]

    private static let outside = ["b": "c"]
}
