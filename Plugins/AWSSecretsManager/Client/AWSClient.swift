#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation

/// Secrets Manager's actions, sent with the credentials that the chain finds.
struct AWSClient: Sendable {
    let caller: AWSCaller
    let credentials: CredentialKeeper
    let settings: EndpointSettings
    let region: AWSRegion

    /// The endpoint of the region, worked out once.
    let endpoint: AWSEndpoint

    init(
        caller: AWSCaller,
        credentials: CredentialKeeper,
        settings: EndpointSettings,
        region: AWSRegion
    ) throws(KeyResolutionError) {
        (self.caller, self.credentials, self.settings, self.region) = (caller, credentials, settings, region)
        endpoint = try settings.endpoint(of: .secretsManager, in: region)
    }

    /// Sends one action.
    ///
    /// - Parameters:
    ///   - action: Its name, such as `GetSecretValue`.
    ///   - body: Its parameters.
    ///   - doing: What is done, for texts: `reading the secret 'prod/openai'`.
    ///   - secret: The name or the ARN of the secret, whose region counts.
    ///   - deadline: The moment on the clock at which it must be over.
    /// - Returns: The reply's JSON.
    /// - Throws: An ``AWSFailure``, a `KeyResolutionError` for credentials that can't be had, or a `CancellationError`.
    func send(
        _ action: String,
        _ body: JSONNode,
        _ doing: String,
        of secret: String? = nil,
        by deadline: Duration
    ) async throws -> JSONNode {
        let call = try call(action, try body.jsonBytes(), doing, of: secret)
        let used = try await credentials.current(by: deadline)
        let reply: AWSReply
        do {
            reply = try await caller.send(call, with: used, by: deadline)
        } catch let failure as AWSFailure where [.expired, .credentials].contains(failure.kind) {
            // Once, and only with others than those.
            let newer: AWSCredentials?
            do {
                newer = try await credentials.newer(than: used, by: deadline)
            } catch let error as KeyResolutionError where ![.unavailable, .timedOut].contains(error.code) {
                newer = nil
            }
            guard let newer else { throw failure }
            reply = try await caller.send(call, with: newer, by: deadline)
        }
        guard let json = reply.json else {
            throw AWSFailure(reply, doing, at: call.endpoint.url.origin, now: caller.clock.date())
        }
        return json
    }

    /// What an action is sent as.
    func call(_ action: String, _ body: [UInt8], _ doing: String, of secret: String?) throws -> AWSCall {
        let place = try secret.map { try settings.region(ofSecret: $0, or: region) } ?? region
        return AWSCall(
            service: .secretsManager,
            endpoint: place == region ? endpoint : try settings.endpoint(of: .secretsManager, in: place),
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "secretsmanager.\(action)"),
            ],
            body: body,
            doing: doing
        )
    }
}
#endif
