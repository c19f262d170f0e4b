/// SplitMix64: the same numbers on every run for one seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SeededGenerator {
    private static let pieces = [
        "\"", "'", "\\", "\n", "\r", "\r\n", "#", " #", "$", "${", "${A}", "}", "`", " ", "\t", "=", ":", "a", "B", "0",
        "_", "\\n", "\\$", "é", "日", "e\u{301}", "👩‍👩‍👧", "\u{FEFF}", "\u{2028}", "\u{A0}", "\u{7F}", "\u{1}", "export ",
        "sk-",
    ]

    /// A value made of everything that means something somewhere.
    mutating func value() -> String {
        (0..<Int.random(in: 0...8, using: &self)).map { _ in Self.pieces.randomElement(using: &self) ?? "" }.joined()
    }

    mutating func name() -> String {
        let first = Array("ABCxyz_019")
        let rest = first + Array(".-")
        let tail = (0..<Int.random(in: 0...6, using: &self)).map { _ in rest.randomElement(using: &self) ?? "x" }
        return String(first.randomElement(using: &self) ?? "x") + String(tail)
    }

    /// A text of statements, comments and noise, most of it well formed.
    mutating func text() -> String {
        let ending = ["\n", "\r\n", "\r"].randomElement(using: &self) ?? "\n"
        var text = Bool.random(using: &self) ? "" : "\u{FEFF}"
        for _ in 0..<Int.random(in: 0...6, using: &self) {
            text += line() + ending
        }
        return Bool.random(using: &self) ? text : text + line()
    }

    /// Lines of few names in which quotes open and close, mostly out of place.
    mutating func quotedText() -> String {
        let pieces = ["'", "\"", "\\", "x", " ", "#", "'", "\""]
        return (0..<Int.random(in: 2...7, using: &self))
            .map { _ in
                let name = ["A", "B", "C", "export D", "A"].randomElement(using: &self) ?? "A"
                let value = (0..<Int.random(in: 0...4, using: &self))
                    .map { _ in pieces.randomElement(using: &self) ?? "" }
                return name + "=" + value.joined() + "\n"
            }
            .joined()
    }

    private mutating func line() -> String {
        let name = name()
        let head = ["", "  ", "export ", "\texport  "].randomElement(using: &self) ?? ""
        let equals = ["=", " = ", "= "].randomElement(using: &self) ?? "="
        let comment = ["", " # why", "\t#x", "  "].randomElement(using: &self) ?? ""
        switch Int.random(in: 0...9, using: &self) {
        case 0: return "# " + name + "='"
        case 1: return ""
        case 2: return head + name + comment
        case 3: return head + name + equals + "'a\nb" + comment + "'" + comment
        case 4: return head + name + equals + "\"a\\\"\\n" + name + "\"" + comment
        case 5: return head + name + equals + comment
        default: return head + name + equals + "plain#text$" + name + comment
        }
    }

    mutating func bytes(upTo limit: Int) -> [UInt8] {
        (0..<Int.random(in: 0...limit, using: &self))
            .map { _ in
                Bool.random(using: &self)
                    ? UInt8.random(in: 0...255, using: &self) : noise.randomElement(using: &self) ?? 0
            }
    }

    private var noise: [UInt8] { Array("A=\"'\\\n\r#$ {}:-export".utf8) }
}
