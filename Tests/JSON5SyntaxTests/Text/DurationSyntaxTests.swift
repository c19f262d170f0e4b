import JSON5Syntax
import Testing

@Suite("Configuration reader: durations")
struct DurationSyntaxTests {
    @Test(arguments: [
        ("0s", Duration.zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
        ("1h", .seconds(3600)), ("7d", .seconds(604_800)), ("1h30m", .seconds(5400)),
        ("1d2h3m4s5ms", .milliseconds(93_784_005)),
        ("90m", .seconds(5400)), ("007s", .seconds(7)), ("36500d", .seconds(36_500 * 86_400)),
    ])
    func accepted(text: String, expected: Duration) throws {
        let duration = try DurationSyntax.parse(text)
        #expect(duration == expected)
    }

    @Test(arguments: [
        ("", DurationSyntax.Failure.malformed), ("30", .missingUnit), ("1h30", .missingUnit), ("s", .malformed),
        ("-5s", .negative), ("+5s", .malformed), ("1.5h", .fraction), (" 30s", .malformed), ("30 s", .malformed),
        ("30s ", .malformed), ("30S", .malformed), ("30sec", .malformed), ("5y", .malformed), ("30m1h", .malformed),
        ("1h1h", .malformed), ("٣s", .malformed), ("30µs", .malformed), ("1s\0", .malformed), ("soon", .malformed),
        ("36501d", .tooLong), ("99999999999999999999999ms", .tooLong), ("9223372036854775807d", .tooLong),
        ("36500d1ms", .tooLong),
    ])
    func refused(text: String, failure: DurationSyntax.Failure) {
        #expect(throws: failure) { try DurationSyntax.parse(text) }
    }
}
