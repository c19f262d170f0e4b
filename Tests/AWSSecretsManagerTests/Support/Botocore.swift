#if AWS
import Foundation
import OpenBaoTestSupport
import Synchronization

/// `Tests/Support/aws-reference.py`: what botocore does with the same files and the same environment.
final class Botocore: Sendable {
    /// The one of all tests; it ends with the test process.
    static let shared = Botocore()

    private struct State {
        var script: SupportScript?

        /// Questions are answered one after the other, whoever asks.
        var last: Task<[String: any Sendable], any Error>?
    }

    private let state = Mutex(State())

    /// Asks it.
    func ask(_ what: String, _ question: [String: any Sendable]) async throws -> [String: any Sendable] {
        let task = state.withLock { state in
            let before = state.last
            let task = Task {
                _ = await before?.result
                return try await self.exchange(question.merging(["ask": what]) { $1 })
            }
            state.last = task
            return task
        }
        return try await task.value
    }

    private func exchange(_ question: [String: any Sendable]) async throws -> [String: any Sendable] {
        let script = try state.withLock { state in
            let script = try state.script ?? SupportScript("aws.sh", ["run", "aws-reference.py"])
            state.script = script
            return script
        }
        let line = try JSONSerialization.data(withJSONObject: question)
        try script.say(String(decoding: line, as: UTF8.self))
        guard let answer = await script.line(),
            let object = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: any Sendable]
        else { throw BaoFailure("aws-reference.py gave no answer; see what it writes") }
        return object
    }
}

extension [String: any Sendable] {
    func text(_ name: String) -> String? { self[name] as? String }
}

/// What `aws.sh` prints.
func awsScript(_ command: String) async throws -> String {
    let script = try SupportScript("aws.sh", [command])
    guard let line = await script.line() else { throw BaoFailure("aws.sh \(command) printed nothing") }
    return line
}
#endif
