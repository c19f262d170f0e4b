import Foundation
import Testing

@testable import KeyHooksTesting
@testable import PluginHost

@Suite("Conformance of secret managers", .timeLimit(.minutes(5)))
struct ManagerConformanceTests {
    private static let rules: [ConformanceReport.Rule] = [
        .read, .write, .checkAndSet, .list, .rotate, .health, .delete,
    ]

    @Test("A good one keeps every rule of secrets, and breaks none of the protocol")
    func good() async throws {
        let report = try await ConformancePlugin.manager(breaking: "none").check()
        #expect(report.isConforming, "\(report.summary)")
        for rule in Self.rules + [.secrecy, .strictJSON] {
            #expect(report.outcome(rule) == .passed, "\(report.summary)")
        }
        #expect(report.outcome(.unknownService) == .notApplicable)
    }

    @Test("Without the name of a secret nothing is written")
    func unnamed() async throws {
        var plugin = ConformancePlugin.manager(breaking: "write")
        plugin.writable = nil
        let report = try await plugin.check()
        #expect(report.isConforming, "\(report.summary)")
        for rule in Self.rules where ![.read, .health, .list].contains(rule) {
            #expect(report.outcome(rule) == .notApplicable)
        }
    }

    @Test("A value that it is to write is not to be on standard error")
    func leaking() async throws {
        var plugin = ConformancePlugin.manager(breaking: "none")
        plugin.body = plugin.body.replacingOccurrences(
            of: "        wanted = ",
            with: "        print(a['secret'], file=sys.stderr, flush=True); wanted = "
        )
        let report = try await plugin.check()
        #expect(report.broken == [.secrecy], "\(report.summary)")
    }
}
