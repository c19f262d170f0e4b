import DotenvSyntax

/// Parsing a text of about a megabyte; `count` is 1, so the result is nanoseconds for the whole text.
struct DotenvCases {
    /// The same text that `peers.py` makes.
    static let text: [UInt8] = {
        var text = ""
        var index = 0
        while text.utf8.count < 1_000_000 {
            text += """
                # Service number \(index)
                SERVICE_\(index)_API_KEY=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789
                export SERVICE_\(index)_URL="https://service-\(index).example.com/v1?a=b#c" # where it is
                SERVICE_\(index)_NAME='A name with spaces'


                """
            index += 1
        }
        return Array(text.utf8)
    }()

    static func all() -> [Case] {
        let options = DotenvFile.Options(maximumBytes: 2_000_000)
        return [
            Case("dotenv: parse \(text.count) bytes", count: 1) { _ in
                _ = opaque(try DotenvFile(parsing: text, options: options))
            }
        ]
    }
}
