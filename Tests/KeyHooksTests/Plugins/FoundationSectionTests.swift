import ExtensionHooks
import Foundation
import KeyHooks
import Testing

/// A plugin whose settings are of Foundation's types, which answers with what it read.
private struct DatedPlugin: KeyPlugin {
    struct Configuration: Decodable {
        var url: URL?
        var mirrors: [String: URL]?
        var all: [URL]?
        var since: Date?
        var pin: Data?
        var tenant: UUID?
        var share: Decimal?
        var pause: Duration?
        var level: Float?
        var limits: [Int: Decimal]?
    }

    struct ServiceSettings: Decodable { var endpoint: URL }

    static let id: PluginID = "dated"
    let answer: String

    init(_ configuration: Configuration, in context: PluginContext) {
        let parts: [String?] = [
            configuration.url?.absoluteString,
            configuration.mirrors?.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","),
            configuration.all.map { $0.map(\.absoluteString).joined(separator: ",") },
            configuration.since.map { "\($0.timeIntervalSinceReferenceDate)" },
            configuration.pin.map { String(decoding: $0, as: UTF8.self) },
            configuration.tenant?.uuidString, configuration.share?.description,
            configuration.pause.map { "\($0)" },
            configuration.level.map { "\($0)" },
            configuration.limits?.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","),
        ]
        let said = parts.compactMap(\.self).joined(separator: " ")
        answer = said.isEmpty ? "-" : said
    }

    func register(in hooks: inout HookBundle) {
        hooks.onStart(.getAPIKey, id: HookID(Self.id)) { [answer] call in call.answer(APIKey(answer)) }
    }
}

@Suite("Settings of plugins with Foundation's types")
struct FoundationSectionTests {
    private func resolver(_ text: String) async throws -> KeyResolver {
        try await withFolder { try KeyResolver.made(by: text, plugins: [DatedPlugin.plugin], in: $0) }
    }

    @Test(
        "They are read as JSONDecoder does",
        arguments: [
            ("url: 'https://vault.example.com/a?b=c'", "https://vault.example.com/a?b=c"), ("url: 'a/b'", "a/b"),
            ("mirrors: {eu: 'https://eu', us: 'https://us'}", "eu=https://eu,us=https://us"),
            ("all: ['https://a', 'b']", "https://a,b"), ("since: 86400.5", "86400.5"), ("since: -1", "-1.0"),
            ("since: '2026-11-30T12:00:00Z'", "817732800.0"), ("since: '2026-11-30T14:00:00+02:00'", "817732800.0"),
            ("since: '2026-11-30T12:00:00.25Z'", "817732800.25"), ("pin: 'Y2FmZQ=='", "cafe"), ("pin: ''", "-"),
            ("tenant: '6ba7b810-9dad-11d1-80b4-00c04fd430c8'", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"),
            ("share: 0.1", "0.1"), ("share: 9007199254740993", "9007199254740993"), ("share: 1e3", "1000"),
            ("pause: '1m'", "60.0 seconds"), ("level: 0.5", "0.5"), ("limits: {'2': 0.3, '1': 7}", "1=7,2=0.3"),
            ("url: null, since: null, pin: null, tenant: null, share: null, mirrors: null", "-"),
        ]
    )
    func read(_ settings: String, _ answer: String) async throws {
        let resolver = try await resolver("{plugins: {dated: {\(settings)}}}")
        #expect(try await resolver.value("openai") == answer)
    }

    @Test(
        "A mistake is reported with its place, and the value is not echoed",
        arguments: [
            ("url: ''", "2:6: plugins.dated.url: isn't a valid URL: "),
            ("url: 7", "2:6: plugins.dated.url: expected a URL such as \"https://vault.example.com\", found a number"),
            ("mirrors: {eu: 'https://leak', us: ''}", "2:35: plugins.dated.mirrors.us: isn't a valid URL: "),
            ("all: ['leak', {}]", "2:15: plugins.dated.all[1]: expected a URL such as"),
            (
                "since: 'leak'",
                "2:8: plugins.dated.since: isn't a valid date: write one such as \"2026-11-30T12:00:00Z\""
            ),
            ("since: '2026-11-30'", "2:8: plugins.dated.since: isn't a valid date: "),
            ("since: '2026-11-30T12:00:00Zleak'", "2:8: plugins.dated.since: isn't a valid date: "),
            ("since: true", "2:8: plugins.dated.since: expected a date such as"),
            ("since: Infinity", "2:8: plugins.dated.since: expected a finite number"),
            ("pin: 'leak!'", "2:6: plugins.dated.pin: isn't valid Base64"),
            ("pin: [1, 2]", "2:6: plugins.dated.pin: expected bytes in Base64, found an array"),
            ("tenant: 'leak'", "2:9: plugins.dated.tenant: isn't a valid UUID: "),
            ("share: '0.1'", "2:8: plugins.dated.share: expected a number, found a string"),
            ("pause: 1", "2:8: plugins.dated.pause: a duration needs a unit"),
            ("level: 1e300", "2:8: plugins.dated.level: expected a smaller number"),
        ]
    )
    func mistake(_ settings: String, _ mistake: String) async throws {
        let error = try await failure { try await resolver("{plugins: {dated: {\n\(settings)\n}}}") }
        #expect(error.code == .invalidConfiguration && !error.description.contains("leak"), "\(error)")
        #expect(error.message.split(separator: "\n").count == 1, "\(error)")
        #expect(error.message.contains("keyhooks.json:\(mistake)"), "\(error)")
    }

    @Test("All mistakes are reported at once, those in its settings for a service too")
    func all() async throws {
        let section = "url: '', since: '', pin: '!', tenant: '', share: {}, mirrors: {a: ''}, pause: 1"
        let text = "{plugins: {dated: {\(section)}}, providers: {openai: {dated: {endpoint: 7}}}}"
        let error = try await failure { try await resolver(text) }
        let places = ["url", "since", "pin", "tenant", "share", "mirrors.a", "pause"].map { "plugins.dated.\($0): " }
        for place in places + ["providers.openai.dated.endpoint: expected a URL"] {
            #expect(error.message.contains(place), "\(error)")
        }
        #expect(error.message.split(separator: "\n").count == places.count + 1, "\(error)")
    }
}
