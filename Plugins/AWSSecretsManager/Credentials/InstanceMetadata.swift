#if AWS
import HTTPTransport
import KeyHooks
import LightFoundation
import ServerSettings

/// What an instance of EC2 says of itself, by the second version of the service or, where that isn't had, the first.
struct InstanceMetadata: Sendable {
    private let base: String
    private let isFirstAllowed: Bool
    private let time: Duration
    private let attempts: Int
    private let transport: any HTTPTransport
    private let clock: SourceClock
    private let deadline: Duration

    enum Answer: Sendable {
        case text(HTTPTransportResponse)
        /// Why there is none.
        case nothing(String)
    }

    /// Nil where it is turned off.
    static func make(
        _ environment: AWSEnvironment,
        _ profile: AWSProfile,
        _ transport: any HTTPTransport,
        _ clock: SourceClock,
        by deadline: Duration
    ) throws(KeyResolutionError) -> InstanceMetadata? {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        func setting(_ variable: String, _ name: String) -> String? { environment[variable] ?? profile[name] }
        let mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
        let usual = mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/"
        let variable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        let url = setting(variable, "ec2_metadata_service_endpoint")
        let base = try EndpointURL(url ?? usual, setting: variable).appending("").text
        let isFirstForbidden = setting("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")
        func number(_ variable: String, _ name: String) -> Int? {
            setting(variable, name).flatMap { Int($0) }.flatMap { $0 > 0 ? min($0, 60) : nil }
        }
        return InstanceMetadata(
            base: base,
            isFirstAllowed: isFirstForbidden?.lowercased() != "true",
            time: .seconds(number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout") ?? 1),
            attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts") ?? 1,
            transport: transport,
            clock: clock,
            deadline: deadline
        )
    }

    /// What requests must have with them.
    enum Access: Sendable {
        /// A token; nothing for the first version.
        case headers([String: String])
        /// Why nothing is asked.
        case nothing(String)
    }

    /// Gets a token for what is asked next.
    func access() async throws -> Access {
        let status: Int
        switch try await send("PUT", "latest/api/token", ["x-aws-ec2-metadata-token-ttl-seconds": "21600"]) {
        case .text(let response) where response.status == 200:
            let token = String(decoding: response.body, as: UTF8.self)
            guard PluginContext.isCredential(token) else { return .nothing("what answers gives no token") }
            return .headers(["x-aws-ec2-metadata-token": token])
        case .text(let response): status = response.status
        // A container behind too few hops gets no answer.
        case .nothing(Self.late): status = 0
        case .nothing(let why): return .nothing(why)
        }
        guard status != 400 else { return .nothing("what answers takes no request for a token (HTTP 400)") }
        guard isFirstAllowed else {
            throw KeyResolutionError(
                .unauthenticated,
                "the instance's metadata gives no token, and its first version is turned off",
                remedy: "raise the hop limit of the instance's metadata, or turn its second version on"
            )
        }
        return .headers([:])
    }

    /// Asks for a path.
    func get(_ path: String, _ headers: [String: String]) async throws -> Answer {
        switch try await send("GET", path, headers) {
        case .nothing(let why): .nothing(why)
        case .text(let response) where response.status == 200 && !response.body.isEmpty: .text(response)
        case .text(let response): .nothing("what answers gives none (HTTP \(response.status))")
        }
    }

    /// Where the instance is.
    func region() async throws -> Answer {
        switch try await access() {
        case .nothing(let why): .nothing(why)
        case .headers(let headers): try await get("latest/meta-data/placement/region", headers)
        }
    }

    private static let late = "nothing answered in time"

    private func send(_ method: String, _ path: String, _ headers: [String: String]) async throws -> Answer {
        var why = ""
        for _ in 0..<attempts {
            // An empty body, or a PUT would have none and no length.
            let request = HTTPTransportRequest(
                method: method,
                url: base + path,
                headers: headers,
                body: method == "PUT" ? [] : nil
            )
            do {
                let time = min(time, deadline - clock.now())
                return .text(try await transport.send(request, within: time, limit: 1 << 16, clock))
            } catch let error as HTTPTransportError {
                why = error.code == .timedOut ? Self.late : "it can't be reached: \(error)"
            }
        }
        return .nothing(why)
    }
}
#endif
