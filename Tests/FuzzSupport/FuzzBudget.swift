import Foundation

/// How long a fuzzer runs, and from which seed.
///
/// A short while with the same inputs every time, unless the environment says otherwise: `KEYHOOKS_FUZZ_SECONDS` is how
/// long each fuzzer runs, `KEYHOOKS_FUZZ_SEED` the seed of the first input.
package struct FuzzBudget: Sendable {
    /// The seed of the first input; each further input has the next.
    package var seed: UInt64
    /// How many inputs there are at most.
    package var count: Int
    /// How long it takes at most.
    package var time: Duration

    package init(seed: UInt64 = 1, count: Int = 2000, time: Duration = .seconds(2)) {
        self.seed = seed
        self.count = count
        self.time = time
    }

    /// A variable that isn't a number.
    struct Misread: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) isn't a whole number of 0 or more: write one, or leave the variable out" }
    }

    /// What the environment says, and this where it says nothing.
    package func overridden(
        by environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> FuzzBudget {
        func number(_ name: String) throws -> UInt64? {
            guard let text = environment[name] else { return nil }
            guard let number = UInt64(text) else { throw Misread(name: name) }
            return number
        }
        var budget = self
        if let seed = try number("KEYHOOKS_FUZZ_SEED") { budget.seed = seed }
        if let seconds = try number("KEYHOOKS_FUZZ_SECONDS") {
            budget.time = .seconds(Int64(min(seconds, 1_000_000)))
            budget.count = .max
        }
        return budget
    }

    /// When a fuzzer hangs: what the environment says and some minutes more.
    package static var minutesAtMost: Int64 {
        let budget = try? FuzzBudget().overridden()
        return (budget ?? FuzzBudget()).time.components.seconds / 60 + 10
    }
}
