import Foundation

/// Prints one line for each case: the name, a tab, and the nanoseconds of one call.
///
/// `--quick` only proves that all of it runs; `--only TEXT` runs the cases whose names have the text, to look at them;
/// `--many` measures many secrets beside one.
@main
struct EntryPoint {
    static func main() async throws {
        let isQuick = CommandLine.arguments.contains("--quick")
        if CommandLine.arguments.contains("--many") { return try await many(isQuick: isQuick) }
        var groups = [try EngineCases.all(), try ResolverCases.all(), try ThreadCases.all(), DotenvCases.all()]
        groups.append(try ConfigurationCases.all())
        let vault = CacheCases()
        let plugins = try PluginCases()
        defer { plugins.remove() }
        groups.append(try plugins.filtered())
        if let vault { groups += [try await vault.cached(), try await vault.cold()] }
        if let proxy = LiteLLMCases() {
            // In one group with what it is held against.
            groups[groups.count - (vault == nil ? 1 : 2)] += try await proxy.cached()
            groups.append(try proxy.minting())
        }
        if let aws = AWSCases() {
            let place = groups.firstIndex { $0.contains { $0.name.hasPrefix("cached OpenBao") } }
            if let place { groups[place] += try await aws.cached() }
            groups += try await aws.cold()
        }
        if let only = CommandLine.arguments.firstIndex(of: "--only"), only + 1 < CommandLine.arguments.count {
            let text = CommandLine.arguments[only + 1]
            groups = groups.map { $0.filter { $0.name.contains(text) } }.filter { !$0.isEmpty }
            for cases in groups {
                for result in try await Group(cases: cases, rounds: 25).measure() {
                    print("\(result.name)\t\(String(format: "%.1f", result.nanoseconds))")
                }
            }
            return
        }
        for cases in groups {
            for result in try await Group(cases: cases, rounds: isQuick ? 2 : 25).measure() {
                print("\(result.name)\t\(String(format: "%.1f", result.nanoseconds))")
            }
        }
        let live = try await plugins.live(rounds: isQuick ? 50 : 2_000)
        print("live round trip of a plugin, median\t\(String(format: "%.1f", live.one))")
        print("a hundred round trips at once, median\t\(String(format: "%.1f", live.hundred))")
        print("processes of the plugin\t\(live.processes)")
        try await many(isQuick: isQuick)
        if let vault { print("allocations of a cached call\t\(try await vault.allocations())") }
        print("bytes of dotenv text\t\(DotenvCases.text.count)")
    }

    /// Prints look-ups a second, and seconds.
    private static func many(isQuick: Bool) async throws {
        for count in [1, 1_000, 2_000] {
            let rate = try await ManySecretsCases.hot(count, seconds: isQuick ? 0.2 : 4)
            print("look-ups a second of \(count) hot secrets\t\(String(format: "%.0f", rate))")
        }
        for count in isQuick ? [100] : [2_500, 10_000] {
            let seconds = try await ManySecretsCases.cold(count)
            print("seconds for \(count) cold secrets\t\(String(format: "%.3f", seconds))")
        }
    }
}
