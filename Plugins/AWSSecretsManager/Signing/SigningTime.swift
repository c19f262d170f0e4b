#if AWS
import LightFoundation

/// A moment as signatures have it: `20150830T123600Z`.
struct SigningTime: Hashable, Sendable {
    let text: String

    init(_ date: Date) {
        // By hand: Foundation's formats cost more than the signature.
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // Days since March of the year 0, in the calendar of Gregory.
        let day = days + 719_468
        let era = day / 146_097
        let dayOfEra = day - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let number = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (number <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        text =
            "\(year)\(two(number))\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
            + "T\(two(rest / 3600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
    }

    var day: Substring { text.prefix(8) }
}
#endif
