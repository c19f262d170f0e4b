#if AWS
public import HTTPTransport
import JSON5Syntax
public import KeyHooks
public import LightFoundation
import ServerSettings

/// AWS Secrets Manager as a secret manager.
///
/// ```swift
/// var configuration = AWSConfiguration()
/// configuration.region = "us-east-1"
/// let team = ManagedSecrets(in: try AWSSecretManager(configuration), named: "team", access: .readWrite)
/// ```
///
/// A secret's name is its name at AWS, or its ARN, which may be of another region or account. What it holds is kept as one
/// text, byte for byte; fields are written as a JSON object. A binary secret is read as the text in UTF-8 that it is.
/// A version is AWS's version id; calls take the parameter `stage`, a staging label, which stands over the
/// configuration's.
///
/// AWS has no way to make a version unreadable, so a rotation leaves the one before as `AWSPREVIOUS`, as AWS's own does.
public struct AWSSecretManager: Sendable {
    let configuration: AWSConfiguration
    let access: AWSAccess
    let clock: SourceClock

    /// Makes a manager; nothing is asked of AWS yet.
    ///
    /// - Parameters:
    ///   - configuration: Which region, which credentials, and how secrets are written.
    ///   - environment: The process environment, for AWS's variables and the folder of its files.
    ///   - transport: What sends the requests; nil for one of its own, as ``AWSConfiguration/transport`` says.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    public init(
        _ configuration: AWSConfiguration = AWSConfiguration(),
        environment: [String: String] = ProcessInfo.processInfo.environment,
        transport: (any HTTPTransport)? = nil
    ) throws(KeyResolutionError) {
        let context = PluginContext(configuration: KeyConfiguration(), environment: environment)
        try self.init(configuration, context, transport: transport)
    }

    init(
        _ configuration: AWSConfiguration,
        _ context: PluginContext,
        _ clock: SourceClock = SourceClock(ContinuousClock(), date: { Date() }),
        transport: (any HTTPTransport)? = nil
    ) throws(KeyResolutionError) {
        try configuration.check()
        self.configuration = configuration
        self.clock = clock
        access = AWSAccess(configuration.settings, context, clock, transport: transport)
    }
}

extension AWSSecretManager: SecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func secret(_ name: SecretName, _ options: SecretOptions) async throws -> StoredSecret? {
        let selection = try selection(options)
        var body = [JSONMember("SecretId", .string(name.rawValue))]
        switch selection {
        case .version(let id): body.append(JSONMember("VersionId", .string(id)))
        case .stage(let label): body.append(JSONMember("VersionStage", .string(label)))
        }
        do {
            let reply = try await ask("GetSecretValue", body, "reading", name, options)
            return try SecretReply(reply, of: name, selection).secret
        } catch let failure as AWSFailure where [.absent, .deleted].contains(failure.kind) {
            return nil
        } catch let failure as AWSFailure {
            throw failure.error
        }
    }

    /// Which version of a secret is meant.
    enum Selection: Hashable {
        case version(String)
        case stage(String)
    }

    func selection(_ options: SecretOptions) throws(KeyResolutionError) -> Selection {
        try options.refuseParameters(besides: ["stage"])
        if let version = options.version {
            guard options.parameters["stage"] == nil else {
                throw .invalidConfiguration("a version and a stage are asked for", remedy: "leave one of them out")
            }
            // AWS's bounds; shorter ones it answers with a text that quotes them.
            guard (32...64).contains(version.utf8.count), version.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .invalidConfiguration(
                    "'\(displayText(version))' isn't the id of a version at AWS",
                    remedy: "write the id, of 32 to 64 characters; a staging label is the parameter 'stage'"
                )
            }
            return .version(version)
        }
        guard let stage = options.parameters["stage"] else { return .stage(configuration.stage) }
        guard StagingLabel.isValid(stage) else {
            throw .invalidConfiguration(
                "'\(displayText(stage))' isn't a staging label",
                remedy: "write one such as AWSPENDING"
            )
        }
        return .stage(stage)
    }

    /// Sends an action on a secret.
    ///
    /// - Throws: An ``AWSFailure`` for what AWS refuses, or a `KeyResolutionError` for credentials and settings.
    func ask(
        _ action: String,
        _ body: [JSONMember],
        _ doing: String,
        _ name: SecretName?,
        _ options: SecretOptions
    ) async throws -> JSONNode {
        // AWS would look for a secret that nobody has.
        if let name, SecretARN(name.rawValue) == nil, name.rawValue.contains("arn:aws") {
            throw KeyResolutionError.invalidConfiguration(
                "\(name) isn't a valid name of a secret at AWS: something stands before an ARN, or the ARN isn't whole",
                remedy: "leave 'prefix' out where secrets are named by their ARNs"
            )
        }
        let deadline = clock.now() + (options.timeout ?? .seconds(10))
        let words = name.map { "\(doing) the secret '\($0)'" } ?? doing
        return try await access.client(by: deadline)
            .send(action, JSONNode(.object(body)), words, of: name?.rawValue, by: deadline)
    }

    /// Runs a call that changes a secret.
    ///
    /// - Throws: As ``run(_:)``, but `unavailable` where an attempt may have been done whose answer was lost, whatever
    ///   came of those after it: any other code would say that nothing was.
    func changing<Result>(_ name: SecretName, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as AWSFailure {
            guard failure.mayBeDone, ![.unavailable, .timedOut].contains(failure.error.code) else {
                throw failure.error
            }
            throw KeyResolutionError(
                .unavailable,
                "whether \(name) was changed isn't known: AWS gave no answer at first, and then: "
                    + failure.error.message,
                remedy: "see what is there; \(failure.error.remedy)"
            )
        }
    }

    /// Runs a call, and makes an error for callers of what AWS refuses.
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as AWSFailure {
            throw failure.error
        }
    }
}

extension AWSSecretManager: ExplainedSecretManager {
    package var servers: [String] { access.endpointWords.map { [$0] } ?? [] }

    package var login: [String] { access.loginWords }
}

extension AWSSecretManager: HealthCheckable, ConfigurationValidating {
    /// A secret that nobody has.
    static let nobodys = "keyhooks-check/nobody-has-this"

    /// Asks what is said of a secret that nobody has; no value is read.
    ///
    /// Any answer to that, a denial included, shows that AWS is there and takes the credentials.
    public func health(_ options: SecretOptions) async -> SecretManagerHealth {
        do {
            let name = try SecretName(Self.nobodys)
            _ = try await ask(
                "DescribeSecret",
                [JSONMember("SecretId", .string(name.rawValue))],
                "describing",
                name,
                options
            )
            return .healthy
        } catch let failure as AWSFailure {
            return switch failure.kind {
            case .absent, .deleted, .denied: .healthy
            case .passing, .unanswered, .throttled: .unreachable(failure.error.message)
            default: .degraded(failure.error.message)
            }
        } catch let error as KeyResolutionError {
            return error.code == .unavailable || error.code == .timedOut
                ? .unreachable(error.message) : .degraded(error.message)
        } catch {
            return .unreachable("the question was cancelled")
        }
    }

    /// Looks at the region, the profile and the endpoint; asks neither AWS nor the instance.
    public func configurationMistakes() -> [String] {
        do {
            try access.check()
            return []
        } catch {
            return ["\(error)"]
        }
    }
}
#endif
