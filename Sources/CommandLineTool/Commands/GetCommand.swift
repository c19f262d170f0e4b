#if CLI
import ArgumentParser
import KeyHooks
import LightFoundation
import PluginHost

/// Prints the key of a service.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print the key of a service.",
        discussion: """
            Prints the key and a newline on standard output, everything else on standard error.
            Exits 0 if a key was found, or if none is required (then nothing is printed), 1 if nobody has one, \
            2 if it cannot be had now, 3 if it was denied.

            Example: key=$(keyhooks get openai) || exit; export OPENAI_API_KEY="$key"
            (`export X="$(…)"` in one command would go on without a key.)
            """
    )

    @Argument(help: ArgumentHelp("The service, such as openai.", valueName: "service"))
    var service: String

    @Option(help: ArgumentHelp("A named field instead of the main key, such as region.", valueName: "name"))
    var field: String?

    @Flag(name: .customShort("n"), help: "Print no newline after the key.")
    var noNewline = false

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let host = options.makeHost(isRecording: true)
        // The key is out by then; a plugin that does not end by itself would go on forever.
        try await withShutdown(of: host.shutdown(atOnce:)) {
            do { try await printKey(from: host) } catch { throw reported(error) }
        }
    }

    private func printKey(from host: DropInPlugins) async throws {
        let resolver = try options.makeResolver(host)
        let service = try Service(typed: service, in: resolver.catalogue)
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
        if options.json {
            try StandardOutput.write(json: KeyReport(answer, service: resolver.catalogue.canonical(service)))
        } else if case .found(let key) = answer {
            try StandardOutput.write(exactly: key.value + (noNewline ? "" : "\n"))
        }
        switch answer {
        case .found: break
        case .notRequired: StandardError.write("'\(service)' requires no key")
        case .absent(let absence):
            throw KeyResolutionError(absence, of: resolver.catalogue.canonical(service), field: field)
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
        var expiresAt: Date?
        var namesTried: [String]?

        init(_ answer: KeyAnswer, service: Service) {
            self.service = service.id
            switch answer {
            case .found(let key):
                status = "found"
                value = key.value
                source = key.provenance?.source.description
                version = key.provenance?.version
                expiresAt = key.provenance?.expiresAt
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
