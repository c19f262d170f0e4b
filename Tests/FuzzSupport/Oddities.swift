/// What texts hold that nobody thought of, whatever their format.
enum Oddities {
    /// Each as the bytes that stand in the text.
    static let all: [[UInt8]] = texts.map { Array($0.utf8) } + bytes

    private static let texts = [
        // The same text in other scalars, and texts that look the same.
        "é", "e\u{301}", "\u{212B}", "\u{C5}", "\u{212A}EY", "ﬁ", "Ａ", "а", "\u{1100}\u{1161}", "가",
        // What has no width, or turns the line around.
        "\u{200B}", "\u{200D}", "\u{FEFF}", "\u{2060}", "\u{AD}", "\u{202E}", "\u{2066}", "\u{200F}", "\u{E0041}",
        // What ends a line, or does so for some, and what acts on a terminal.
        "\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}", "\u{1B}[31m", "\u{1B}]0;t\u{7}",
        "\u{9B}2J",
        "\0", "\u{1}", "\u{7F}", "\u{A0}", "\t", " ",
        // Letters of more than one scalar, noncharacters, the last scalar of all.
        "👩‍👩‍👧", "🇩🇪", "\u{301}\u{301}\u{301}\u{301}", "\u{FFFE}", "\u{FFFF}", "\u{10FFFF}", "\u{F8FF}",
        // Halves of pairs, and escapes that other formats have.
        "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\ud800\\u0041", "\\u0000", "\\x00", "\\", "\\\\", "%00", "%2e%2e",
        "${", "$(id)",
        "`id`", "../", "//", "~",
        // Numbers at their ends.
        "0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e308", "1e309", "1e-400",
        "0x", "NaN",
        "Infinity", "-0", "00", "1.7976931348623157e308", "4294967296",
    ]

    /// No UTF-8: a lone continuation, an overlong slash, half of a letter, a surrogate, more than there is; and UTF-16.
    private static let bytes: [[UInt8]] = [
        [0x80], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xFF, 0xFE],
        [0xFE, 0xFF, 0x00],
    ]
}
