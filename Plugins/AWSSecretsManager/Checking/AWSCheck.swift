#if AWS
package import HTTPTransport
import JSON5Syntax
package import KeyHooks
import LightFoundation
package import ServerSettings

extension AWSPlugin {
    /// Finds out what would fail for those who ask for keys; no secret is read and nothing is written.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - services: The services whose secrets are looked at; none for those that the configuration names.
    ///   - transport: What sends the requests; nil for one of its own.
    /// - Returns: What was found; nothing if AWS isn't asked by the configuration.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package static func check(
        in context: PluginContext,
        for services: [Service] = [],
        transport: (any HTTPTransport)? = nil
    ) async throws(KeyResolutionError) -> [CheckFinding] {
        let clock = SourceClock(ContinuousClock()) { Date() }
        var findings: [CheckFinding] = []
        for section in try AWSSection.all(in: context.configuration) {
            let access = AWSAccess(section.configuration.settings, context, clock, transport: transport)
            let secrets = try ConfiguredSecrets(section, in: context.configuration, for: services)
            let check = AWSCheck(section: section, access: access, secrets: secrets, clock: clock)
            findings += await check.findings()
                .map { finding in
                    var finding = finding
                    finding.sections = [section.name]
                    return finding
                }
        }
        return findings
    }
}

/// Looks at one section, in the order in which a request for a key needs what is configured.
struct AWSCheck: Sendable {
    let section: AWSSection
    let access: AWSAccess
    let secrets: ConfiguredSecrets
    let clock: SourceClock

    private static let limit = Duration.seconds(10)

    func findings() async -> [CheckFinding] {
        let client: AWSClient
        let endpoint: AWSEndpoint
        do {
            client = try await access.client(by: clock.now() + Self.limit)
            endpoint = try client.settings.endpoint(of: .secretsManager, in: client.region)
        } catch {
            return [.failed("region and endpoint", Self.known(error))]
        }
        var findings = [
            CheckFinding.passed("region", "\(client.region.name), by \(client.region.origin)"),
            .passed("endpoint", "\(endpoint.url.origin), \(Self.words(for: endpoint, client))"),
        ]
        findings += remarks(on: endpoint)
        let (credentials, links) = await lookAtCredentials(client)
        findings += links
        guard let credentials else {
            return findings + [.skipped("Secrets Manager", "not looked at: there is nothing to sign a request with")]
        }
        findings.append(await identity(of: credentials, client))
        let (answer, isAnswering) = await lookAtManager(client)
        findings.append(answer)
        if let clock = remarkOnClock(client) { findings.append(clock) }
        guard isAnswering else { return findings }
        findings += secrets.unknown
        for secret in secrets.known { findings.append(await look(at: secret, client)) }
        return findings
    }

    /// Whose endpoint it is, and of which kind.
    private static func words(for endpoint: AWSEndpoint, _ client: AWSClient) -> String {
        if let setting = endpoint.setting { return "by \(setting)" }
        let kind = client.settings.kind(in: client.region)
        let more = (kind.isFIPS ? ", FIPS" : "") + (kind.isDualStack ? ", dual stack" : "")
        return "AWS's own of the partition \(AWSPartition.of(client.region.name).id)\(more)"
    }

    /// What works, and lets others read what comes back.
    private func remarks(on endpoint: AWSEndpoint) -> [CheckFinding] {
        let address = try? ServerAddress(endpoint.url.text, of: EndpointURL.kind)
        if let address, !address.isTLS, !address.isLocal {
            let reason = "secrets come back unencrypted: whoever sits in between reads them"
            return [.skipped("endpoint", reason, remedy: "have it answer to https, and write https:// there")]
        }
        guard address?.isTLS == true, section.configuration.transport.acceptsAnyCertificate else { return [] }
        let reason = "its certificate goes unchecked ('skipVerify'): whoever sits in between reads the secrets"
        return [.skipped("endpoint", reason, remedy: "name its authority in 'caCert', and take 'skipVerify' out")]
    }

    /// Asks the chain; each link that was asked has a finding.
    private func lookAtCredentials(_ client: AWSClient) async -> (AWSCredentials?, [CheckFinding]) {
        var failure: KeyResolutionError?
        var credentials: AWSCredentials?
        do {
            credentials = try await client.credentials.current(by: clock.now() + .seconds(30))
        } catch {
            failure = Self.known(error)
        }
        var findings = client.credentials.report.entries.map { entry in
            let step = "credentials: \(entry.link.words)"
            switch entry.outcome {
            case .answered: return CheckFinding.passed(step, "answers: \(entry.text)")
            case .nothing: return .skipped(step, entry.text)
            case .failed:
                let error = failure
                failure = nil
                return error.map { .failed(step, $0) } ?? .skipped(step, entry.text)
            }
        }
        if let failure { findings.append(.failed("credentials", failure)) }
        return (credentials, findings)
    }

    /// Whose credentials they are, which STS says of any that it accepts.
    private func identity(of credentials: AWSCredentials, _ client: AWSClient) async -> CheckFinding {
        let step = "identity"
        do {
            let body = "Action=GetCallerIdentity&Version=2011-06-15"
            let call = AWSCall(
                service: .tokens,
                endpoint: try client.settings.endpoint(of: .tokens, in: client.region),
                headers: AWSCall.form,
                body: Array(body.utf8),
                doing: "telling whose the credentials are"
            )
            var caller = client.caller
            caller.attempts = 1
            let reply = try await caller.send(call, with: credentials, by: clock.now() + .seconds(5))
            guard let account = reply.element("Account"), let arn = reply.element("Arn") else {
                return .skipped(step, "what answers for STS doesn't say whose the credentials are")
            }
            return .passed(step, "\(displayText(arn, limit: 512)) of the account \(displayText(account))")
        } catch {
            // An endpoint inside a VPC may lead to Secrets Manager alone.
            return .skipped(step, "isn't known, which reading doesn't need: \(Self.known(error).message)")
        }
    }

    /// Whether Secrets Manager is there and accepts the credentials, as ``AWSSecretManager/health(_:)`` finds it out.
    private func lookAtManager(_ client: AWSClient) async -> (CheckFinding, isAnswering: Bool) {
        let step = "Secrets Manager"
        do {
            _ = try await describe(AWSSecretManager.nobodys, client)
            return (.passed(step, Self.answers), true)
        } catch let failure as AWSFailure where [.absent, .deleted].contains(failure.kind) {
            return (.passed(step, Self.answers), true)
        } catch let failure as AWSFailure where failure.kind == .denied {
            return (.passed(step, "\(Self.answers); they \(Self.undescribed)"), true)
        } catch {
            return (.failed(step, Self.known(error)), false)
        }
    }

    private static let answers = "answers, and accepts the credentials"
    private static let undescribed = "may not describe secrets, which reading doesn't need"

    private func describe(_ name: String, _ client: AWSClient) async throws -> JSONNode {
        let body = JSONNode.object(["SecretId": .string(name)])
        let doing = "describing the secret '\(displayText(name, limit: 512))'"
        return try await client.send("DescribeSecret", body, doing, of: name, by: clock.now() + Self.limit)
    }

    private func remarkOnClock(_ client: AWSClient) -> CheckFinding? {
        let seconds = Int(client.caller.skew.offset)
        guard seconds != 0 else { return nil }
        let reason =
            "this machine's clock is \(abs(seconds)) s \(seconds > 0 ? "behind" : "ahead of") AWS's, which is allowed for"
        return .skipped("clock", reason, remedy: "set the clock")
    }

    /// Whether a secret is there with the version that is read, and may be read.
    private func look(at secret: ConfiguredSecrets.Secret, _ client: AWSClient) async -> CheckFinding {
        let step = "secret \(displayText(secret.name, limit: 512))"
        do {
            let reply: JSONNode
            do {
                reply = try await describe(secret.name, client)
            } catch let failure as AWSFailure where failure.kind == .denied {
                try await tryReading(secret.name, isThere: false, client)
                return .skipped(
                    step,
                    "may be read; whether it exists isn't known: the credentials \(Self.undescribed)",
                    remedy: "to know, allow secretsmanager:DescribeSecret, or ask: keyhooks get SERVICE"
                )
            }
            try check(reply, of: secret)
            try await tryReading(secret.name, isThere: true, client)
            let key =
                reply["KmsKeyId"]?.string.map { ", encrypted with the KMS key \(displayText($0, limit: 512))" } ?? ""
            return .passed(step, "is there\(key)\(section.settings.access.isReadable ? ", and may be read" : "")")
        } catch {
            return .failed(step, Self.known(error))
        }
    }

    /// Refuses a secret that nothing can be read of, by what is said of it.
    private func check(_ reply: JSONNode, of secret: ConfiguredSecrets.Secret) throws(KeyResolutionError) {
        if let deleted = reply["DeletedDate"], deleted.kind != .null {
            throw KeyResolutionError(
                .absent,
                "it is scheduled for deletion",
                remedy: "restore it: aws secretsmanager restore-secret --secret-id NAME"
            )
        }
        let stage = section.configuration.stage
        let isThere = (reply["VersionIdsToStages"]?.members ?? [])
            .contains { version in
                secret.version.map { version.name == $0 }
                    ?? (version.value.elements?.contains { $0.string == stage } == true)
            }
        guard !isThere else { return }
        let what = secret.version.map { "version \(displayText($0))" } ?? "version with the label \(displayText(stage))"
        throw KeyResolutionError(
            .absent,
            "it has no \(what)",
            remedy: "write a value, or correct 'stage' or 'version'"
        )
    }

    /// Asks for a version that nobody has: AWS says whether it may be read, and no value comes back.
    private func tryReading(_ name: String, isThere: Bool, _ client: AWSClient) async throws {
        guard section.settings.access.isReadable else { return }
        let body = JSONNode.object(["SecretId": .string(name), "VersionId": .string(Self.nobodysVersion)])
        let doing = "reading the secret '\(displayText(name, limit: 512))'"
        do {
            _ = try await client.send("GetSecretValue", body, doing, of: name, by: clock.now() + Self.limit)
        } catch let failure as AWSFailure where [.absent, .invalid].contains(failure.kind) {
            // It may.
        } catch let failure as AWSFailure where failure.kind == .denied && !isThere {
            // Of a name that there isn't AWS knows no ARN, which a policy for ARNs could allow.
            throw KeyResolutionError(
                .denied,
                "\(failure.error.message), or there is no such secret: AWS answers alike",
                remedy: "check its name and the region, and see what is needed: keyhooks aws policy"
            )
        }
    }

    private static let nobodysVersion = "00000000-0000-0000-0000-000000000000"

    private static func known(_ error: any Error) -> KeyResolutionError {
        if let failure = error as? AWSFailure, failure.kind == .credentials {
            return KeyResolutionError(
                failure.error.code,
                failure.error.message,
                remedy:
                    "the link that answered has a key that is wrong, was deleted, or is of another partition: replace it"
            )
        }
        return (error as? AWSFailure)?.error ?? (error as? KeyResolutionError)
            ?? KeyResolutionError(.unavailable, "the check was interrupted", remedy: "try again")
    }
}
#endif
