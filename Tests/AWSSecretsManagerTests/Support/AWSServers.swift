#if AWS
import Foundation
import OpenBaoTestSupport
import Synchronization

/// `Tests/Support/aws-standins.py`: what AWS gives to instances, containers and people.
enum AWSStandIns {
    /// The one of all tests; it ends with the test process.
    static var url: String {
        get async throws { try await started.value.url }
    }

    private static let started = Task {
        let script = try SupportScript("aws.sh", ["run", "aws-standins.py"])
        guard let line = await script.line() else { throw BaoFailure("aws-standins.py did not start") }
        return (script: script, url: try JSONDecoder().decode(Ready.self, from: Data(line.utf8)).url)
    }

    private struct Ready: Decodable {
        let url: String
    }
}

/// `Tests/Support/aws-moto.py`: a moto_server that checks signatures and permissions.
final class MotoServer: Decodable, Sendable {
    let url: String
    let users: [String: [String]]
    let role: String
    let writingRole: String
    let region: String

    /// The one of all tests; it ends with the test process.
    static var shared: MotoServer {
        get async throws { try await checking.value.server }
    }

    /// One that checks nothing.
    static var open: MotoServer {
        get async throws { try await unchecking.value.server }
    }

    private static let checking = Task { try await start([]) }
    private static let unchecking = Task { try await start(["--open"]) }

    private static func start(_ options: [String]) async throws -> (script: SupportScript, server: MotoServer) {
        let script = try SupportScript("aws.sh", ["run", "aws-moto.py"] + options)
        guard let line = await script.line() else { throw BaoFailure("aws-moto.py did not start a server") }
        return (script: script, server: try JSONDecoder().decode(MotoServer.self, from: Data(line.utf8)))
    }

    private static let lastUser = Mutex<Task<[String], any Error>?>(nil)

    /// The access key of a new user at the server that checks, who may do what a policy says.
    static func user(with policy: String) async throws -> [String] {
        let task = lastUser.withLock { last in
            let before = last
            let task = Task {
                // One line is answered by one.
                _ = await before?.result
                let script = try await checking.value.script
                try script.say(policy.replacing("\n", with: " "))
                guard let line = await script.line() else { throw BaoFailure("aws-moto.py made no user") }
                return try JSONDecoder().decode([String].self, from: Data(line.utf8))
            }
            last = task
            return task
        }
        return try await task.value
    }

    /// An environment with a user's access key, in which Secrets Manager and STS are this server.
    func variables(of user: String) -> [String: String] { variables(with: users[user] ?? ["AKIANOBODY", "nothing"]) }

    /// An environment with an access key, in which Secrets Manager and STS are this server.
    func variables(with keys: [String]) -> [String: String] {
        [
            "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1], "AWS_ENDPOINT_URL": url,
            "AWS_REGION": region, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent",
        ]
    }
}
#endif
