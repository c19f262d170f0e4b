import ExtensionHooks
import Testing

/// The end halves that run are those of exactly the starts that completed, wherever and however the call turned.
struct PairedEndTests {
    enum Turn: CaseIterable, Sendable {
        case answer
        case denial
        case failure
        case skippedFailure
        case cancellation
        case bodyFailure
        case nothing
    }

    static let cases = HookKind.allCases.flatMap { kind in Turn.allCases.map { (kind, $0) } }

    @Test(arguments: cases, 0..<4)
    func endsRunForExactlyTheCompletedStarts(how: (kind: HookKind, turn: Turn), index: Int) async throws {
        let (kind, turn) = how
        let log = Log<String>()
        let subject = Subject<Int, Int>(kind) { _ in
            log.add("body")
            if turn == .bodyFailure { throw TestFailure() }
            return 1
        }
        try subject.register { hooks in
            for position in 0..<4 {
                hooks.pair(
                    HookID("\(position)"),
                    onFailure: turn == .skippedFailure ? .continue : nil
                ) { call in
                    log.add("start \(position)")
                    guard position == index else { return }
                    switch turn {
                    case .answer: call.result = .success(2)
                    case .denial: call.result = .failure(TestFailure())
                    case .failure, .skippedFailure: throw TestFailure()
                    case .cancellation: withUnsafeCurrentTask { $0?.cancel() }
                    case .bodyFailure, .nothing: break
                    }
                } end: { _ in
                    log.add("end \(position)")
                }
            }
        }
        // A task of its own, so that cancelling it does not cancel the test.
        _ = await Task { await subject.result(0) }.value

        let reaches: [Int]
        let completed: [Int]
        switch turn {
        case .answer, .denial: (reaches, completed) = (Array(0...index), Array(0...index))
        case .failure: (reaches, completed) = (Array(0...index), Array(0..<index))
        case .skippedFailure: (reaches, completed) = (Array(0..<4), (0..<4).filter { $0 != index })
        case .cancellation, .bodyFailure, .nothing: (reaches, completed) = (Array(0..<4), Array(0..<4))
        }
        let bodyRuns = ![.answer, .denial, .failure].contains(turn)
        let expected =
            reaches.map { "start \($0)" } + (bodyRuns ? ["body"] : []) + completed.reversed().map { "end \($0)" }
        #expect(log.entries == expected)
    }

    @Test(arguments: HookKind.allCases)
    func aPairedHookThatAnswersGetsItsOwnEnd(kind: HookKind) async throws {
        let subject = Subject<Int, Int>(kind) { $0 }
        try subject.register { hooks in
            hooks.pair("a") {
                $0.result = .success(1)
            } end: { call in
                #expect(call.answeredBy == .hook("a"))
                call.result = call.result.map { $0 + 1 }
            }
        }
        #expect(try await subject(0) == 2)
    }
}
