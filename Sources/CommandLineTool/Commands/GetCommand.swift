#if CLI
import ArgumentParser
import KeyHooks
import LightFoundation
import PluginHost

/// Prints the key of a service, or the keys of several.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the key of a service, or the keys of several.",
        discussion: """
            Prints the key and a newline on standard output, everything else on standard error.
            Exits 0 if a key was found, or if none is required (then nothing is printed), 1 if nobody has one, \
            2 if it cannot be had now, 3 if it was denied. Of several services, which need a --format or --json, all \
            keys are printed or none.

            Example: key=$(keyhooks get openai) || exit; export OPENAI_API_KEY="$key"
            (`export X="$(…)"` in one command would go on without a key.)
            """
    )

    @Argument(help: ArgumentHelp("The service, such as openai; several with --format or --json.", valueName: "service"))
    var services: [String]

    @Option(help: ArgumentHelp("A named field instead of the main key, such as region.", valueName: "name"))
    var field: String?

    @Flag(name: .customShort("n"), help: "Print no newline after the key.")
    var noNewline = false

    @Option(
        help: ArgumentHelp(
            "Print variables with the keys: dotenv lines, a json object, or export commands for a shell.",
            valueName: "format"
        )
    )
    var format: KeyFormat?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if format != nil, options.json {
            throw ValidationError("--format says how keys are printed, and --json does too: leave one out")
        }
        if noNewline, format != nil || services.count > 1 { throw ValidationError("-n is for one key as it is") }
        if field != nil, services.count > 1 { throw ValidationError("--field is for one service") }
    }

    func run() async throws {
        // Here, so that an option that there is not is reported before the value that was to follow it.
        if services.count > 1, format == nil, !options.json {
            if services.contains(where: PastedKey.isInPlaceOfService) { throw KeyResolutionError.pastedKey }
            throw ValidationError(
                "several services need a format that names them: --format dotenv, json or shell, or --json"
            )
        }
        let host = options.makeHost(isRecording: true)
        // The key is out by then; a plugin that does not end by itself would go on forever.
        try await withShutdown(of: host.shutdown(atOnce:)) {
            do { try await printKey(from: host) } catch { throw reported(error) }
        }
    }

    private func printKey(from host: DropInPlugins) async throws {
        let resolver = try options.makeResolver(host)
        do {
            try await printKey(from: resolver)
        } catch {
            // Nothing was handed over.
            await resolver.shutdown(within: .seconds(5))
            throw error
        }
        // Whoever reads a key that was lent goes on with it; all else is given back.
        await resolver.shutdown(within: .seconds(5))
    }

    private func printKey(from resolver: KeyResolver) async throws {
        let services = try services.map { try Service(typed: $0, in: resolver.catalogue) }
        guard services.count == 1, format == nil else { return try await printAll(services, from: resolver) }
        let service = services[0]
        let answer = try await answer(for: service, from: resolver)
        // Written down first: a crash must not have the next process take back what was printed.
        if case .found(let key) = answer { resolver.leave([key]) }
        if options.json {
            try StandardOutput.write(json: KeyReport(answer, service: resolver.catalogue.canonical(service)))
        } else if case .found(let key) = answer {
            try StandardOutput.write(exactly: key.value + (noNewline ? "" : "\n"))
        }
        try finish(answer, service, resolver)
    }

    /// Prints all keys, or none if one can't be had: half of an environment isn't to be used.
    private func printAll(_ services: [Service], from resolver: KeyResolver) async throws {
        var answers: [(service: Service, answer: KeyAnswer)] = []
        var statuses: [ExitCode] = []
        for service in services {
            do {
                let answer = try await answer(for: service, from: resolver)
                try finish(answer, service, resolver)
                answers.append((service, answer))
            } catch {
                guard let status = reported(error) as? ExitCode else { throw error }
                statuses.append(status)
            }
        }
        guard statuses.isEmpty else { throw ExitStatus.worst(of: statuses) }
        let text = try format.map { try $0.text(of: answers, in: resolver.catalogue, field: field) }
        resolver.leave(answers.compactMap { if case .found(let key) = $0.answer { key } else { nil } })
        if let text {
            try StandardOutput.write(exactly: text)
        } else {
            try StandardOutput.write(
                json: answers.map { KeyReport($0.answer, service: resolver.catalogue.canonical($0.service)) }
            )
        }
    }

    /// Asks for a key, with all that is to be said about it.
    private func answer(for service: Service, from resolver: KeyResolver) async throws -> KeyAnswer {
        for warning in resolver.warnings(about: service, scope: options.scope) {
            StandardError.write("warning: \(warning)")
        }
        let answer: KeyAnswer
        do {
            answer = try await self.answer(from: resolver, for: service)
        } catch {
            service.warnIfUnknown(in: resolver.catalogue)
            throw error
        }
        // The error of an absence asks the same.
        if !answer.isAbsentWithSuggestion { service.warnIfUnknown(in: resolver.catalogue) }
        warnIfSkipped(answer)
        if case .found(let key) = answer, let remark = resolver.remark(onHiddenValueOf: key) {
            StandardError.write("warning: \(remark)")
        }
        return answer
    }

    /// Says that no key is required, and throws if there is none.
    private func finish(_ answer: KeyAnswer, _ service: Service, _ resolver: KeyResolver) throws {
        switch answer {
        case .found: break
        case .notRequired: StandardError.write("'\(service)' requires no key")
        case .absent(let absence):
            throw resolver.error(absence, of: service, field, options.scope)
        }
    }

    private func answer(from resolver: KeyResolver, for service: Service) async throws -> KeyAnswer {
        if let field {
            try await resolver.resolveSecret(service: service, field: field, scope: options.scope)
        } else {
            try await resolver.resolve(service: service, scope: options.scope)
        }
    }

    /// A weaker source was allowed to answer; that it did must not go unseen.
    private func warnIfSkipped(_ answer: KeyAnswer) {
        guard case .found(let key) = answer, let provenance = key.provenance else { return }
        for source in provenance.skippedSources where !source.isAbsence {
            // Most failures begin with who failed.
            let failure = source.message.hasPrefix("\(source.place) ") ? source.message : "\(source) did not answer"
            StandardError.write("warning: \(failure); the key is from \(provenance.source)")
        }
    }
}

extension GetCommand {
    /// What `get --json` prints; it holds the key, which is what was asked for.
    struct KeyReport: Encodable {
        let service: String
        let status: String
        var value: String?
        var source: String?
        var version: String?
        var createdAt: Date?
        var expiresAt: Date?
        var metadata: [String: String]?
        var namesTried: [String]?

        init(_ answer: KeyAnswer, service: Service) {
            self.service = service.id
            switch answer {
            case .found(let key):
                status = "found"
                value = key.value
                source = key.provenance?.source.description
                version = key.provenance?.version
                createdAt = key.provenance?.createdAt
                expiresAt = key.provenance?.expiresAt
                metadata = key.provenance.flatMap { $0.metadata.isEmpty ? nil : $0.metadata }
            case .notRequired: status = "notRequired"
            case .absent(let absence):
                status = "absent"
                namesTried = absence.namesTried
            }
        }
    }
}

extension KeyAnswer {
    fileprivate var isAbsentWithSuggestion: Bool {
        if case .absent(let absence) = self { absence.suggestion != nil } else { false }
    }
}
#endif
