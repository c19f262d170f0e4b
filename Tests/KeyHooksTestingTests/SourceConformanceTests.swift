import ExtensionHooks
import KeyHooks
import Synchronization
import Testing

@testable import KeyHooksTesting

@Suite("Conformance of sources", .timeLimit(.minutes(2)))
struct SourceConformanceTests {
    static let outage = KeyResolutionError(.unavailable, "it is down", remedy: "wait")

    /// A source that keeps all rules, unless it is asked to break one.
    struct Vault: KeySource {
        enum Fault {
            case none, absenceIsError, outageIsAbsence, outageIsUnknown, fieldIsKey, newPlaces, loud, deaf, empty
        }

        struct Place: Hashable, CustomStringConvertible {
            let service: Service
            var number = 0
            var text = ""
            var description: String { "\(service) \(text)" }
        }

        struct Unknown: Error {}

        let fault: Fault
        var isDown = false
        private static let count = Mutex(0)

        func location(for request: KeyRequest) -> Place? {
            var place = Place(service: request.service)
            if fault == .newPlaces {
                place.number = Self.count.withLock {
                    $0 += 1; return $0
                }
            }
            if fault == .loud { place.text = "sk-secret" }
            return place
        }

        func read(_ place: Place) async throws -> SourceReading<String> {
            if isDown, fault == .outageIsAbsence { return .absent() }
            if isDown { throw fault == .outageIsUnknown ? Unknown() as any Error : SourceConformanceTests.outage }
            if place.service == "openai", fault != .empty {
                if fault == .deaf { await Self.deafWait() } else { try await Task.sleep(for: .milliseconds(20)) }
                return .found("sk-secret")
            }
            if fault == .absenceIsError { throw SourceConformanceTests.outage }
            return .absent("there is none")
        }

        func key(for request: KeyRequest, in content: String) -> SourceKey {
            request.field == nil || fault == .fieldIsKey ? .found(content) : .absent("it has no fields")
        }

        /// Hears of no cancellation.
        private static func deafWait() async {
            await withCheckedContinuation { continuation in
                Task.detached {
                    try? await Task.sleep(for: .milliseconds(1500))
                    continuation.resume()
                }
            }
        }
    }

    private func failures(_ fault: Vault.Fault) async -> [String] {
        var check = SourceConformance(of: Vault(fault: fault), failing: Vault(fault: fault, isDown: true))
        check.patience = .milliseconds(400)
        return await check.failures(present: "openai", absent: "groq")
    }

    @Test func `A source that keeps all rules has no failures`() async {
        #expect(await failures(.none) == [])
    }

    @Test(arguments: [
        (Vault.Fault.absenceIsError, "absence: asking for 'groq' fails: unavailable"),
        (.outageIsAbsence, "outage: a backend that can't be reached counts as an absence"),
        (.outageIsUnknown, "outage: a backend that can't be reached fails as 'pluginFailed'"),
        (.fieldIsKey, "fields: a field that it has not gets the main key"),
        (.newPlaces, "single-flight: 50 callers had it read 50 times"),
        (.loud, "secrecy: the name of its location shows the key"),
        (.deaf, "cancellation: a read goes on"),
        (.empty, "present: it has no key for 'openai'"),
    ])
    func `Each broken rule is reported, and no other`(fault: Vault.Fault, expected: String) async {
        let failures = await failures(fault)
        #expect(failures.count == 1 && failures.first?.hasPrefix(expected) == true, "\(failures)")
        #expect(!failures.joined().contains("sk-secret"))
    }

    @Test func `The smallest source can be checked, and what isn't known of outages is left out`() async {
        struct Smallest: KeySource {
            func read(_ request: KeyRequest) async throws -> String? { request.service == "openai" ? "sk-1" : nil }
        }
        let failures = await SourceConformance(of: Smallest()).failures(present: "openai", absent: "groq")
        #expect(failures == [])
    }
}
