import Foundation
import ServerSettings
import Testing

@Suite("Dates of the server")
struct ServerDateTests {
    @Test("They are what Foundation reads, at any time of any year since 1600, before which it counts otherwise")
    func same() throws {
        let style = Date.ISO8601FormatStyle()
        var seconds = -11_676_096_000
        while seconds < 253_402_300_800 {
            let date = Date(timeIntervalSince1970: Double(seconds))
            let text = style.format(date)
            #expect(ServerDate.parse(text) == date, "\(text)")
            seconds += 86_400 * 211 + 3_601
        }
    }

    @Test("Fractions and offsets count")
    func parts() throws {
        let base = try #require(ServerDate.parse("2026-11-29T17:15:32Z"))
        #expect(base == Date(timeIntervalSince1970: 1_795_972_532))
        let nanoseconds = try #require(ServerDate.parse("2026-11-29T17:15:32.058031195Z"))
        #expect(abs(nanoseconds.timeIntervalSince(base) - 0.058031195) < 1e-6)
        #expect(ServerDate.parse("2026-11-29T18:45:32+01:30") == base)
        #expect(ServerDate.parse("2026-11-29T12:15:32-05:00") == base)
    }

    @Test(
        "What is no date is none",
        arguments: [
            "", "never", "2026-11-29", "2026-11-29T17:15:32", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00Zx", "２０２６-01-01T00:00:00Z", "2026-01-01T00:00:00+1:00",
        ]
    )
    func none(_ text: String) {
        #expect(ServerDate.parse(text) == nil)
    }
}
