import FuzzSupport
import Testing

/// The fuzzers: one after the other, since tests with deadlines run beside them.
///
/// A short while with the same inputs in each run. For longer, and from where it failed:
///
///     KEYHOOKS_FUZZ_SECONDS=600 swift test --filter Fuzzing
///     KEYHOOKS_FUZZ_SEED=4711 swift test --filter DotenvFuzz
///
/// An input that crashes or hangs the process is the one whose seed stands in `keyhooks-fuzz-….seed` in the temporary
/// folder. `-c release -Xswiftc -enable-testing` tries some ten times as many.
@Suite(.serialized, .timeLimit(.minutes(FuzzBudget.minutesAtMost)))
enum Fuzzing {}
