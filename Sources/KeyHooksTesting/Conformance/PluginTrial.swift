import JSON5Syntax
package import KeyHooks
package import PluginHost

/// Asks a plugin one question and shows the lines in both directions, for its author.
package final class PluginTrial: Sendable {
    private let manifest: PluginManifest
    private let configuration: KeyConfiguration
    private let line: @Sendable (String) -> Void
    private let command: String
    private let mirror: OutputMirror?
    private let errors: StandardErrorLog
    private let runner: any PluginRunner

    /// Prepares a trial; nothing is run yet.
    ///
    /// - Parameters:
    ///   - plugin: The plugin.
    ///   - configuration: Where its section is taken from.
    ///   - environment: Where the variables that it asks for are taken from.
    ///   - isInteractive: Whether it may ask the user.
    ///   - command: What was typed, as a command that shows all that the plugin writes.
    ///   - output: Gets every line that the plugin writes as it is, with keys in it; nil if nobody asked for that.
    ///   - line: Gets the lines of the conversation without keys, and what the plugin writes on standard error.
    /// - Throws: A `KeyResolutionError` if the plugin is not in order, or its section is not what its schema says.
    package init(
        _ plugin: DiscoveredPlugin,
        configuration: KeyConfiguration,
        environment: [String: String],
        isInteractive: Bool,
        command: String,
        showingOutput output: (@Sendable (String) -> Void)?,
        line: @escaping @Sendable (String) -> Void
    ) throws(KeyResolutionError) {
        let launch = PluginLaunch(
            toTry: plugin,
            configuration: configuration,
            environment: environment,
            isInteractive: isInteractive
        )
        guard let manifest = plugin.manifest, let launch, plugin.listing.problems.isEmpty else {
            throw KeyResolutionError(
                .pluginFailed,
                "the plugin in \(FileFault.shown(plugin.listing.folder)) is broken: \(plugin.listing.reason)",
                remedy: plugin.listing.remedy
                    ?? "see what is wrong: keyhooks plugins check \(FileFault.quoted(plugin.listing.folder))"
            )
        }
        do throws(JSONMistakes) {
            try manifest.check(
                configuration.trialSection(of: manifest)?.settings ?? manifest.exampleSection ?? .object([:])
            )
        } catch {
            throw configuration.invalid(error)
        }
        self.manifest = manifest
        self.configuration = configuration
        (self.command, self.line) = (command, line)
        let mask = SecretRedactor(launch)
        let mirror = output.map(OutputMirror.init)
        let errors = StandardErrorLog(
            id: "stderr",
            mask: mask,
            holding: launch.mayAskUser ? .never { true } : .untilReleased,
            log: line
        )
        let observer: WireObserver = { event, bytes in
            switch event {
            case .sent: line("-> \(TranscriptLine.sent(bytes, mask))")
            case .received:
                mirror?.take(bytes + [UInt8(ascii: "\n")], from: .output)
                line("<- \(TranscriptLine.received(bytes, mask))")
                // It may be asked again, and then have a key.
                if case .response(_, let response) = try? PluginMessage(line: bytes),
                    response.secret.map(SecretRedactor.hasKey) != true
                {
                    errors.noteAnswer(hasKey: false)
                }
            case .errors:
                mirror?.take(bytes, from: .errors)
                errors.take(bytes)
            }
        }
        self.mirror = mirror
        self.errors = errors
        runner = RunnerSettings(launch, observer: observer).runner()
    }

    /// Whether there is no section and the first example of the schema stands in.
    package var usesExample: Bool { configuration.trialSection(of: manifest) == nil && manifest.exampleSection != nil }

    /// Asks for a key, or for a named field, and ends the plugin.
    ///
    /// - Throws: A `KeyResolutionError` as the resolver would throw it; `CancellationError` when the task is cancelled.
    package func answer(for service: Service, field: String?, scope: KeyScope) async throws -> KeyAnswer {
        let request = try request(for: service, field: field, scope: scope)
        do {
            let answer = try await runner.answerRetrying(request)
            await end(hasKey: answer.hasKey)
            if field == nil { for warning in answer.keyWarnings { line("note: \(warning)") } }
            let found = try answer.keyAnswer(of: manifest.id)
            let catalogue = try configuration.catalogue()
            if case .found(let key) = found { try key.check(for: service, isField: field != nil, in: catalogue) }
            return found
        } catch {
            await end(hasKey: false)
            guard let error = error as? PluginError else { throw error }
            throw error.keyResolutionError(for: service, shownBy: command, missing: runner.launch.missingVariables)
        }
    }

    /// Ends the plugin, whatever it is doing.
    package func shutdown(atOnce: Bool) async {
        await runner.shutdown(atOnce: atOnce)
    }

    private func end(hasKey: Bool) async {
        await shutdown(atOnce: false)
        mirror?.finish()
        errors.finish()
        errors.release(hasKey: hasKey)
    }

    private func request(
        for service: Service,
        field: String?,
        scope: KeyScope
    ) throws(KeyResolutionError) -> PluginRequest {
        let point: PluginManifest.Hook.Point = field == nil ? .getAPIKey : .getSecret
        let hooks = manifest.hooks.filter { $0.point == point }
        guard let hook = hooks.first(where: { $0.phase == .start }) ?? hooks.first else {
            throw KeyResolutionError(
                .absent,
                "plugin '\(manifest.id)' has no hook at \(point.rawValue), so nobody asks it",
                remedy: "add one to 'hooks' in its manifest",
                service: service
            )
        }
        if let filter = hook.filter(in: try configuration.catalogue()), !filter.contains(service) {
            line("note: its manifest leaves '\(service)' out of 'services'; 'keyhooks get' would not ask it")
        }
        return hook.trialRequest(for: service, field: field, scope: scope, in: configuration)
    }
}
