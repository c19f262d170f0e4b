import ExtensionHooks
import Foundation
import FuzzSupport
import KeyHooks
import Testing

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A configuration takes the time and the memory that it takes to read it, whatever is in it.
@Suite(.serialized)
struct ScaleTests {
    /// A configuration that can be made larger.
    enum Shape: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case providers, variables, aliases, sections, profiles, profilesOfOne, sharedPaths, misspelt, order, values

        var testDescription: String { rawValue }

        func text(_ count: Int) -> String {
            func list(_ element: (Int) -> String) -> String { (0..<count).map(element).joined(separator: ",") }
            switch self {
            case .providers: return "{providers:{\(list { "p\($0):{}" })}}"
            case .variables: return "{providers:{\(list { "p\($0):{env:['V\($0)'],ttl:'5m'}" })}}"
            case .aliases: return "{providers:{\(list { "p\($0):{aliases:['a\($0)'],required:false}" })}}"
            case .sections: return "{plugins:{acme:{}},providers:{\(list { "p\($0):{acme:{path:'x\($0)'}}" })}}"
            // The product of both is what must not count.
            case .profiles:
                return "{providers:{\(list { "p\($0):{}" })},profiles:{\(list { "q\($0):{providers:{p\($0):{}}}" })}}"
            case .profilesOfOne: return "{profiles:{\(list { "q\($0):{providers:{p:{env:['V']}}}" })}}"
            case .sharedPaths: return "{plugins:{acme:{}},providers:{\(list { "p\($0):{acme:{path:'x'}}" })}}"
            case .misspelt: return "{providers:{\(list { "opena\($0):{}" })}}"
            case .order: return "{hookOrder:[\(list { "'h\($0)'" })],providers:{\(list { "p\($0):{}" })}}"
            case .values: return "{plugins:{acme:{\(list { "m\($0):1" })}}}"
            }
        }
    }

    #if DEBUG
    private static let count = 400
    #else
    private static let count = 2_000
    #endif

    @Test("Four times as much takes about four times as long", arguments: Shape.allCases)
    func time(_ shape: Shape) async throws {
        try await withFolder { folder in
            let small = try use(shape, Self.count, in: folder)
            let large = try use(shape, 4 * Self.count, in: folder)
            // Quadratic is sixteen times; what neither takes long for is not looked at more closely.
            #expect(large < max(small * 8, .milliseconds(150)), "\(small) and \(large)")
        }
    }

    @Test("Many profiles over many services take little memory")
    func memory() async throws {
        try await withFolder { folder in
            let path = try folder.write("keyhooks.json", Shape.profiles.text(1_000))
            let before = try #require(Self.residentBytes)
            let resolver = try KeyResolver(configuration: .read(from: path), environment: [:])
            let after = try #require(Self.residentBytes)
            #expect(resolver.configuration.profiles.count == 1_000)
            // Once 2.5 GB. Other tests take memory meanwhile.
            #expect(after - before < 400 << 20, "\((after - before) >> 20) MB")
        }
    }

    /// The shortest time of a few runs, in which everything is done that a tool does.
    private func use(_ shape: Shape, _ count: Int, in folder: TemporaryFolder) throws -> Duration {
        let path = try folder.write("keyhooks.json", shape.text(count))
        var times: [Duration] = []
        for _ in 0..<3 {
            let start = threadTime
            let configuration = try KeyConfiguration.read(from: path)
            let resolver = try KeyResolver(
                configuration: configuration,
                plugins: configuration.sectioned([ScalePlugin.plugin]),
                environment: [:]
            )
            _ = try resolver.cachedAPIKey(service: "openai")
            _ = try resolver.cachedAPIKey(service: "p1", scope: KeyScope(profile: "q1"))
            _ = try resolver.explain(service: "openai")
            _ = try resolver.explain(service: "p1", scope: KeyScope(profile: "q1"))
            #expect(try resolver.list().count >= ServiceCatalogue.standard.all.count)
            times.append(threadTime - start)
        }
        return times.min() ?? .zero
    }

    /// The memory of the process that is in use; nil where it is not known.
    private static var residentBytes: Int? {
        #if os(Linux)
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
        #else
        return 0
        #endif
    }
}

private struct ScalePlugin: KeyPlugin {
    typealias ServiceSettings = [String: String]

    static let id: PluginID = "acme"

    init(_ configuration: [String: Int], in context: PluginContext) {}

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: HookID(Self.id)) { _ in }
    }
}
