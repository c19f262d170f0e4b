#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import PluginHost

/// Asks for the keys of services, and says what came of it.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Ask for the keys of services for real, and show what came of it; never a value.",
        discussion: """
            Without names it asks for every service of the configuration, or, if that names none, for those whose \
            variables are set. Shows for each whether its key was found, where and how fast, or isn't required, absent, \
            denied, stale (its source failed, and the key is its last known one) or failed. Exits 0 if each has a key or \
            requires none, 1 if one is absent, 2 if one failed or is stale, 3 if one was denied; of several the highest.

            Example: keyhooks check openai anthropic --profile prod
            """
    )

    @Argument(help: ArgumentHelp("The services, such as openai.", valueName: "service"))
    var services: [String] = []

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let host = options.makeHost(isRecording: true)
        try await withShutdown(of: host.shutdown(atOnce:)) {
            do {
                let resolver = try options.makeResolver(host)
                let checks = await checks(with: resolver, try chosen(by: resolver))
                // What was lent for the check, and the logins for it.
                await resolver.shutdown(within: .seconds(5))
                try report(checks)
            } catch {
                throw reported(error)
            }
        }
    }

    private func checks(with resolver: KeyResolver, _ services: [Service]) async -> [ServiceCheck] {
        if services.isEmpty {
            StandardError.write("there is no service to ask for: name one, or configure one under 'providers'")
        }
        let scope = options.scope
        return await withTaskGroup(of: (Int, ServiceCheck).self) { group in
            for (index, service) in services.enumerated() {
                group.addTask { (index, await ServiceCheck(asking: resolver, for: service, scope)) }
            }
            var checks: [(Int, ServiceCheck)] = []
            for await check in group { checks.append(check) }
            return checks.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func report(_ checks: [ServiceCheck]) throws {
        try StandardOutput.write(checks, asJSON: options.json, text: ServiceCheck.text(checks))
        let status = ExitStatus.worst(of: checks.map(\.exit))
        if !status.isSuccess { throw status }
    }

    private func chosen(by resolver: KeyResolver) throws -> [Service] {
        let catalogue = resolver.catalogue
        if !services.isEmpty {
            return try services.map { name in
                let service = try Service(typed: name, in: catalogue)
                service.warnIfUnknown(in: catalogue)
                return catalogue.canonical(service)
            }
        }
        let configuration = resolver.configuration
        let ofProfile = options.scope.profile.flatMap { configuration.profiles[$0]?.providers } ?? [:]
        let configured = Set(configuration.providers.keys).union(ofProfile.keys).map(catalogue.canonical)
        if !configured.isEmpty { return Set(configured).sorted() }
        return try resolver.list(profile: options.scope.profile)
            .filter { [.found, .fields, .unreadable].contains($0.outcome) }.map { Service($0.service) }
    }
}

/// What came of asking for one key.
struct ServiceCheck: Encodable {
    let service: String
    private(set) var outcome = "found"
    private(set) var source: String?
    private(set) var version: String?
    private(set) var message: String?
    let milliseconds: Int
    private(set) var exit = ExitCode.success

    private enum CodingKeys: CodingKey {
        case service, outcome, source, version, message, milliseconds
    }

    init(asking resolver: KeyResolver, for service: Service, _ scope: KeyScope) async {
        self.service = service.id
        let begun = ContinuousClock.now
        let result: Result<KeyAnswer, any Error>
        do {
            // Nothing is kept yet, so all are asked, and a secret with the keys of many once.
            result = .success(try await resolver.resolve(service: service, scope: scope))
        } catch {
            result = .failure(error)
        }
        milliseconds = Int(begun.duration(to: .now) / .milliseconds(1))
        switch result {
        case .success(.found(let key)):
            source = key.provenance?.source.description
            version = key.provenance?.version
            guard key.provenance?.isStale == true else { break }
            (outcome, exit) = ("stale", ExitStatus.failed)
        case .success(.notRequired): outcome = "not required"
        case .success(.absent) where (try? resolver.explain(service: service, scope: scope))?.outcome == .fields:
            message = "its fields are set, which do in place of a key: keyhooks get \(service) --field NAME"
        case .success(.absent(let absence)):
            (outcome, exit) = ("absent", ExitStatus.absent)
            message = "\(KeyResolutionError(absence, of: service))"
        case .failure(let error):
            let known = error as? KeyResolutionError
            (outcome, exit) =
                known?.code == .denied ? ("denied", ExitStatus.denied) : ("failed", ExitStatus.failed)
            message = known.map { "\($0)" } ?? "it was cancelled"
        }
    }

    static func text(_ checks: [ServiceCheck]) -> String {
        var table = TextTable()
        for check in checks {
            let version = check.version.map { "version \($0)" }
            let words = [check.source, version, check.message].compactMap(\.self).joined(separator: ", ")
            table.add(
                displayText(check.service),
                check.outcome,
                "\(check.milliseconds) ms",
                displayText(words, limit: 8192)
            )
        }
        return table.text
    }
}
#endif
