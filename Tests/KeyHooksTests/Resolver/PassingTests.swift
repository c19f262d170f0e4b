import ExtensionHooks
import KeyHooks
import Testing

/// Sources that do not answer, and what becomes of the call after them.
struct PassingTests {
    /// What the hooks do, in order.
    enum Step: Sendable {
        case absent
        case fails(KeyResolutionError.Code)
        case answers
        case saysThereIsNone
        case denies
    }

    /// How the key is asked for.
    enum Way: CaseIterable, Sendable {
        case resolve, resolveSecret, cached
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let steps: [Step]
        var environment = false
        /// The key, "absent", or the code of the error.
        let outcome: String
        var skipped: [KeyResolutionError.Code] = []

        var testDescription: String { "\(steps), environment \(environment): \(outcome)" }
    }

    static let rows = [
        Row(steps: [.absent], environment: true, outcome: "environment"),
        Row(steps: [.absent], outcome: "absent"),
        Row(steps: [.absent, .absent], outcome: "absent"),
        Row(steps: [.absent, .answers], environment: true, outcome: "hook 1"),
        Row(steps: [.absent, .saysThereIsNone], environment: true, outcome: "absent"),
        Row(steps: [.absent, .denies], environment: true, outcome: "denied"),
        Row(steps: [.fails(.unavailable)], environment: true, outcome: "environment", skipped: [.unavailable]),
        Row(steps: [.fails(.unavailable)], outcome: "unavailable"),
        Row(steps: [.fails(.sealed), .answers], outcome: "hook 1", skipped: [.sealed]),
        Row(steps: [.fails(.sealed), .saysThereIsNone], environment: true, outcome: "sealed"),
        Row(steps: [.fails(.timedOut), .denies], environment: true, outcome: "denied"),
        Row(steps: [.absent, .fails(.timedOut)], outcome: "timedOut"),
        Row(steps: [.fails(.timedOut), .absent], outcome: "timedOut"),
        Row(
            steps: [.absent, .fails(.timedOut), .absent],
            environment: true,
            outcome: "environment",
            skipped: [.timedOut]
        ),
        Row(steps: [.fails(.sealed), .fails(.unavailable)], outcome: "sealed"),
        Row(
            steps: [.fails(.sealed), .fails(.unavailable)],
            environment: true,
            outcome: "environment",
            skipped: [.sealed, .unavailable]
        ),
    ]

    @Test(arguments: rows, Way.allCases)
    func `A source that passes leaves the call to the next, and a failure is never lost`(
        row: Row,
        way: Way
    ) async throws {
        let registry = HookRegistry()
        try registry.register { hooks in
            for (index, step) in row.steps.enumerated() {
                let id: HookID = "source\(index)/keys"
                hooks.onStart(.getAPIKey, id: id, priority: index) { try Self.take(step, index, &$0) }
                hooks.onStart(.getSecret, id: id, priority: index) { try Self.take(step, index, &$0) }
            }
        }
        let environment =
            row.environment ? ["AWS_BEARER_TOKEN_BEDROCK": "environment", "AWS_REGION": "environment"] : [:]
        let resolver = try KeyResolver(registry: registry, environment: environment)
        do {
            let key = try await Self.key(way, resolver)
            #expect(key?.value ?? "absent" == row.outcome)
            #expect(key?.provenance?.skippedSources.filter { !$0.isAbsence }.map(\.code) ?? [] == row.skipped)
        } catch let error as KeyResolutionError {
            #expect(error.code.description == row.outcome)
            if error.code != .denied { #expect(error.service == "bedrock") }
        }
    }

    private static func take(
        _ step: Step,
        _ index: Int,
        _ call: inout StartCall<KeyRequest, KeyAnswer>
    ) throws {
        #expect(call.arguments.skipped.count == index)
        switch step {
        case .absent: call.skip("place \(index)", reason: "no field")
        case .fails(let code):
            call.skip("place \(index)", after: KeyResolutionError(code, "source \(index) is away", remedy: "fix it"))
        case .answers: call.answer(APIKey("hook \(index)"))
        case .saysThereIsNone: call.result = .success(.absent(KeyAbsence()))
        case .denies: call.deny("no")
        }
    }

    private static func key(_ way: Way, _ resolver: KeyResolver) async throws -> APIKey? {
        switch way {
        case .resolve: try await resolver.getAPIKey(service: "bedrock")
        case .resolveSecret:
            if case .found(let key) = try await resolver.resolveSecret(service: "bedrock", field: "region") {
                key
            } else {
                nil
            }
        case .cached: try resolver.cachedAPIKey(service: "bedrock")
        }
    }
}
