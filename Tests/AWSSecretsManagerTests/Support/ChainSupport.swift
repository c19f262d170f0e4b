#if AWS
import Foundation
import HTTPTransport
import KeyHooks

@testable import AWSSecretsManager

extension SourceClock {
    /// The machine's own.
    static var real: SourceClock { SourceClock(ContinuousClock()) { Date() } }
}

extension CredentialChain {
    /// A chain with the machine's clock and transports.
    static func test(_ variables: [String: String], _ settings: CredentialSettings = .init()) -> CredentialChain {
        CredentialChain(
            settings,
            PluginContext(configuration: KeyConfiguration(), environment: variables),
            AWSCaller(HTTPTransportSettings().transport(), .real),
            local: HTTPTransportSettings().transport()
        )
    }

    func find() async throws -> Outcome { try await find(by: clock.now() + .seconds(60)) }
}

extension AWSCredentials {
    /// The three texts, for comparing.
    var texts: [String] { [accessKeyID, secretKey.value, sessionToken?.value ?? ""] }
}
#endif
