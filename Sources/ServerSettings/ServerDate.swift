import KeyHooks
package import LightFoundation

/// Reads the dates that servers write, `2026-11-29T17:15:32.058031195Z`, and those of HTTP.
///
/// By hand, since each read of a secret of OpenBao has two and Foundation takes longer for one than all the rest takes.
package enum ServerDate {
    /// The moment; nil for what isn't a date by RFC 3339.
    package static func parse(_ text: String) -> Date? {
        parts(text).map { Date(timeIntervalSince1970: Double($0.seconds) + $0.fraction) }
    }

    /// The second in which the moment lies.
    package static func second(_ text: String) -> Date? {
        parts(text).map { Date(timeIntervalSince1970: Double($0.seconds)) }
    }

    /// The moment of a header, `Sun, 29 Nov 2026 17:15:32 GMT`; nil for what isn't a date of this form (RFC 9110,
    /// 5.6.7).
    package static func parseHTTP(_ text: String) -> Date? {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[1].utf8.count == 2,
            let month = names.firstIndex(of: String(words[2])), words[5] == "GMT"
        else { return nil }
        return parse("\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }

    /// How long a reply asks to be left alone: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), a day at most.
    ///
    /// - Parameters:
    ///   - headers: The reply's header fields, their names in lower case.
    ///   - now: The date.
    /// - Returns: How long; nil if it says nothing that can be read.
    package static func retryAfter(_ headers: [String: String], now: Date) -> Duration? {
        guard let text = headers["retry-after"]?.trimmedOfBlanks else { return nil }
        if let seconds = Double(text), !seconds.isNaN { return .seconds(min(max(0, seconds), 86_400)) }
        return parseHTTP(String(text)).map { .seconds(min(max(0, $0.timeIntervalSince(now)), 86_400)) }
    }

    private static func parts(_ text: String) -> (seconds: Int, fraction: Double)? {
        var rest = text.utf8[...]
        guard rest.count <= 64, let year = number(4, before: "-", &rest), let month = number(2, before: "-", &rest),
            let day = number(2, before: "Tt", &rest), let hour = number(2, before: ":", &rest),
            let minute = number(2, before: ":", &rest), let second = number(2, &rest), (1...12).contains(month),
            (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction = 0.0
        if take(".", &rest) {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            fraction = digits.reversed().reduce(0) { ($0 + Double($1 - 0x30)) / 10 }
            rest = rest[digits.endIndex...]
        }
        guard let offset = offset(&rest), rest.isEmpty else { return nil }
        return (days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset, fraction)
    }

    /// Seconds east of Greenwich.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int? {
        if take("Zz", &rest) { return 0 }
        let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take("+-", &rest), let hour = number(2, before: ":", &rest), let minute = number(2, &rest), hour < 24,
            minute < 60
        else { return nil }
        return sign * (hour * 3600 + minute * 60)
    }

    /// A number of so many digits, and one of the characters that must follow it.
    private static func number(_ count: Int, before ends: String = "", _ rest: inout Substring.UTF8View) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let byte = rest.popFirst(), (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte) - 0x30
        }
        return ends.isEmpty || take(ends, &rest) ? value : nil
    }

    private static func take(_ characters: String, _ rest: inout Substring.UTF8View) -> Bool {
        guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
        rest.removeFirst()
        return true
    }

    /// Days since 1970 in the calendar of Gregory; years are counted from March, so that leap days come last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let years = month <= 2 ? year - 1 : year
        let era = (years >= 0 ? years : years - 399) / 400
        let yearOfEra = years - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
