#if AWS
import JSON5Syntax
import KeyHooks
import LightFoundation

// `credential_process`: a command that writes credentials.
extension CredentialLookup {
    func process(_ profile: AWSProfile) async throws -> CredentialLink.Answer {
        guard let command = profile["credential_process"] else {
            return .nothing("the profile '\(profile.shownName)' has no credential_process")
        }
        let what = "the credential_process of the profile '\(profile.shownName)'"
        func failed(_ why: String, _ code: KeyResolutionError.Code = .unauthenticated) -> KeyResolutionError {
            KeyResolutionError(code, "\(what) \(why)", remedy: "run it by hand and see what it writes")
        }
        guard let words = try? CommandWords.split(command), let first = words.first, !first.isEmpty else {
            throw failed("isn't a command: its quotes don't match, or it is empty", .invalidConfiguration)
        }
        guard let path = Command.path(of: first, environment.variables) else {
            throw failed("names a program that isn't there or isn't executable", .invalidConfiguration)
        }
        let time = deadline - chain.clock.now()
        let result = try await Command(path: path, arguments: words, environment: environment.variables)
            .run(within: time, limit: 1 << 16)
        switch result {
        case .notStarted(let why): throw failed("can't be started: \(why)", .unavailable)
        case .late: throw failed("didn't end in time, and was killed", .timedOut)
        case .tooLong: throw failed("writes too much, and was killed")
        case .ended(let status, _) where status != 0: throw failed("failed with the status \(status)")
        case .ended(_, let output): return .credentials(try Self.credentials(output, failed))
        }
    }

    private static func credentials(
        _ output: [UInt8],
        _ failed: (String, KeyResolutionError.Code) -> KeyResolutionError
    ) throws -> AWSCredentials {
        guard let json = try? JSONParser.parse(output, syntax: .jsonKeepingNumbers), json.members != nil else {
            throw failed("writes \(output.count) bytes that aren't a JSON object", .unauthenticated)
        }
        guard json["Version"]?.wholeNumber == 1 else {
            throw failed("writes another version than 1, or none", .unauthenticated)
        }
        guard let id = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string else {
            throw failed("writes no AccessKeyId or no SecretAccessKey", .unauthenticated)
        }
        let ends = try json["Expiration"]?.string.map { try date($0, "what credential_process writes") }
        return AWSCredentials(
            accessKeyID: id,
            secretKey: APIKey(secret),
            sessionToken: json["SessionToken"]?.string.map { APIKey($0) },
            ends: ends
        )
    }
}
#endif
