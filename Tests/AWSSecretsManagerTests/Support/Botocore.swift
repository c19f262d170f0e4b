#if AWS
import Foundation
import OpenBaoTestSupport

/// `Tests/Support/aws-reference.py`: what botocore does with the same files and the same environment.
actor Botocore {
    /// The one of all tests; it ends with the test process.
    static let shared = Botocore()

    private var script: SupportScript?

    /// Questions are answered one after the other, whoever asks.
    private var last: Task<[String: any Sendable], any Error>?

    /// Asks it.
    func ask(_ what: String, _ question: [String: any Sendable]) async throws -> [String: any Sendable] {
        let before = last
        let task = Task {
            _ = await before?.result
            return try await exchange(question.merging(["ask": what]) { $1 })
        }
        last = task
        return try await task.value
    }

    private func exchange(_ question: [String: any Sendable]) async throws -> [String: any Sendable] {
        let script = try self.script ?? SupportScript("aws.sh", ["run", "aws-reference.py"])
        self.script = script
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
