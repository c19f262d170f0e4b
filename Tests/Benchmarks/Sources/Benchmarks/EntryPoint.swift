import Foundation

/// Prints one line for each case: the name, a tab, and the nanoseconds of one call.
///
/// `--quick` only proves that all of it runs; `--only TEXT` runs the cases whose names have the text, to look at them.
@main
struct EntryPoint {
    static func main() async throws {
        let isQuick = CommandLine.arguments.contains("--quick")
        var groups = [try EngineCases.all(), try ResolverCases.all(), try ThreadCases.all(), DotenvCases.all()]
        groups.append(try ConfigurationCases.all())
        let vault = CacheCases()
        let plugins = try PluginCases()
        defer { plugins.remove() }
        groups.append(try plugins.filtered())
        if let vault { groups += [try await vault.cached(), try await vault.cold()] }
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
        if let vault { print("allocations of a cached call\t\(try await vault.allocations())") }
        print("bytes of dotenv text\t\(DotenvCases.text.count)")
    }
}
