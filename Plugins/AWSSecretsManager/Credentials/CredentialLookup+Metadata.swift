#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

// What the platform gives a container or an instance over HTTP on a local address.
extension CredentialLookup {
    func container() async throws -> CredentialLink.Answer {
        // One that is set counts, even if it is empty.
        let relative = environment.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        guard
            let url = relative.map({ "http://169.254.170.2\($0)" })
                ?? environment.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
        else { return .nothing("no variable AWS_CONTAINER_CREDENTIALS_… is set") }
        try Self.checkContainer(url)
        var attempt = 1
        while true {
            let failure: KeyResolutionError
            do {
                // The file may have another token each time.
                var headers = ["Accept": "application/json"]
                if let token = try containerToken() { headers["Authorization"] = token.value }
                let request = HTTPTransportRequest(method: "GET", url: url, headers: headers)
                let response = try await chain.local.send(request, within: time(2), limit: 1 << 16, chain.clock)
                guard response.status == 200 else {
                    throw Self.unusable("the container's credentials", response.status)
                }
                return .credentials(try Self.credentials(response, "the container's credentials"))
            } catch let error as HTTPTransportError {
                failure = KeyResolutionError(
                    .unavailable,
                    "the container's credentials can't be had: \(error)",
                    remedy: "check AWS_CONTAINER_CREDENTIALS_FULL_URI, and that its agent runs"
                )
            } catch let error as KeyResolutionError where error.code == .unavailable {
                failure = error
            }
            guard attempt < 3, time(1) == .seconds(1) else { throw failure }
            attempt += 1
            try await chain.clock.sleep(.seconds(1))
        }
    }

    /// So many seconds, or less where the deadline is nearer.
    private func time(_ seconds: Int) -> Duration { min(.seconds(seconds), deadline - chain.clock.now()) }

    /// The token goes to this machine and to the two addresses of AWS's agents only.
    static func checkContainer(_ url: String) throws(KeyResolutionError) {
        let parts = URLComponents(string: url)
        let host = parts?.host?.lowercased() ?? ""
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let isLoopback = bare == "::1" || bare == "localhost" || isLoopbackAddress(bare)
        let isAgent = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(bare)
        guard let parts, parts.user == nil, !bare.isEmpty,
            parts.scheme == "https" || parts.scheme == "http" && (isLoopback || isAgent)
        else {
            throw .invalidConfiguration(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI leads to a host that isn't allowed",
                remedy: "only https, this machine, 169.254.170.2, 169.254.170.23 and fd00:ec2::23 are"
            )
        }
    }

    private static func isLoopbackAddress(_ host: String) -> Bool {
        var bytes = in_addr()
        return host.hasPrefix("127.") && inet_pton(AF_INET, host, &bytes) == 1
    }

    private func containerToken() throws -> APIKey? {
        let text: String
        if let file = environment.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            text = try chain.text(ofFile: file, "which should hold the container's token")
        } else if let token = environment.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            text = token
        } else {
            return nil
        }
        // A line end in it would be a second header field.
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw KeyResolutionError(
                .unauthenticated,
                "the container's token has a line end or another character in it that no header field has",
                remedy: "write the token alone there, without a line end"
            )
        }
        return APIKey(text)
    }

    private static func unusable(_ what: String, _ status: Int) -> KeyResolutionError {
        KeyResolutionError(
            .unavailable,
            "what answers for \(what) gives none (HTTP \(status))",
            remedy: "check the role of the container or the instance"
        )
    }

    private static func credentials(
        _ response: HTTPTransportResponse,
        _ what: String
    ) throws(KeyResolutionError) -> AWSCredentials {
        let json = try? JSONParser.parse(response.body, syntax: .jsonKeepingNumbers)
        guard let id = json?["AccessKeyId"]?.string, let secret = json?["SecretAccessKey"]?.string,
            let token = json?["Token"]?.string, let ends = json?["Expiration"]?.string
        else { throw unusable(what, response.status) }
        return AWSCredentials(
            accessKeyID: id,
            secretKey: APIKey(secret),
            sessionToken: APIKey(token),
            ends: try date(ends, what)
        )
    }
}

extension CredentialLookup {
    func instance() async throws -> CredentialLink.Answer {
        guard let metadata = try InstanceMetadata.make(environment, profile, chain.local, chain.clock, by: deadline)
        else { return .nothing("AWS_EC2_METADATA_DISABLED says so") }
        let headers: [String: String]
        switch try await metadata.access() {
        case .headers(let given): headers = given
        case .nothing(let why): return .nothing(why)
        }
        let path = "latest/meta-data/iam/security-credentials/"
        let role: String
        switch try await metadata.get(path, headers) {
        case .text(let response): role = String(decoding: response.body, as: UTF8.self)
        case .nothing(let why): return .nothing(why)
        }
        guard role.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/?#%".utf8.contains($0) }) else {
            return .nothing("what answers names no role")
        }
        switch try await metadata.get(path + role, headers) {
        case .nothing(let why): return .nothing(why)
        case .text(let response):
            // A success may be none: {"Code": "AssumeRoleUnauthorizedAccess", …}.
            guard var credentials = try? Self.credentials(response, "the instance's credentials") else {
                return .nothing("what answers has no credentials for the instance's role")
            }
            let now = chain.clock.date()
            // They go on being accepted while the service behind has an outage; the next ones are looked for later.
            let window = 900 + 120 + 480 * chain.caller.random()
            if let ends = credentials.ends, ends.timeIntervalSince(now) < window {
                credentials.ends = now.addingTimeInterval(window)
            }
            return .credentials(credentials)
        }
    }
}
#endif
