package import HTTPTransport
import JSON5Syntax
package import KeyHooks
import LightFoundation
package import ServerSettings

/// Finds out what would fail for those who ask for keys, without a secret being read or anything written.
struct OpenBaoCheck: Sendable {
    let group: SectionGroup
    let reader: SecretReader

    /// What the token must be allowed for the keys that are wanted, by the versions of the mounts.
    let needs: @Sendable (_ version: (BaoMount) -> KVVersion) -> [AccessRule]

    /// The same for whatever may be asked for.
    let advice: @Sendable (_ version: (BaoMount) -> KVVersion) -> [AccessRule]

    /// What is wrong before anybody is asked.
    let earlier: [CheckFinding]

    func findings() async -> [CheckFinding] {
        let servers = await ServerCheck.findings(reader.client, within: reader.timeout)
        guard servers.contains(where: { $0.outcome == .passed }) else {
            return earlier + servers + [.skipped("token", "not looked at: no server can answer")]
        }
        let token = TokenCheck(reader: reader)
        let (ofToken, goesOn) = await token.finding()
        var access: [CheckFinding] = []
        if goesOn {
            access = await AccessCheck(group: group, reader: reader, needs: needs, advice: advice).findings()
        }
        await token.giveBack()
        return earlier + servers + [ofToken] + access
    }
}

extension OpenBaoPlugin {
    /// What is to be checked beside what the configuration says.
    package struct CheckOptions: Sendable {
        /// The services whose keys are wanted; none for those that the configuration names.
        package var services: [Service] = []

        /// For whom they are wanted.
        package var scope = KeyScope()

        /// Whether secrets are to be written, rotated, deleted and listed as well.
        package var isWriting = false

        package init() {}
    }

    /// Checks everything by which a configuration has OpenBao asked.
    ///
    /// It asks servers for their health, looks the token up, and asks what it may do. Where a login is configured, it
    /// logs in for that and revokes the token it got.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - options: What is wanted.
    ///   - transport: What sends the requests; nil for one of its own.
    /// - Returns: What was found; nothing if OpenBao isn't asked by the configuration.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package static func check(
        in context: PluginContext,
        _ options: CheckOptions,
        transport: (any HTTPTransport)? = nil
    ) async throws(KeyResolutionError) -> [CheckFinding] {
        try context.configuration.checkProfile(options.scope.profile)
        let environment = BaoEnvironment(context)
        var findings: [CheckFinding] = []
        for group in try SectionGroup.all(try BaoSection.all(in: context)) {
            guard let first = group.sections.first else { continue }
            let clock = ContinuousClock()
            let reader = try SecretReader(
                first.configuration,
                environment,
                try ConfiguredServers(first.configuration, environment, transport),
                clock,
                SourceClock(clock, date: { Date() }),
                namespace: first.namespace
            )
            var earlier: [CheckFinding] = []
            var wanted: [(section: BaoSection, keys: [KeyPath])] = []
            for section in group.sections {
                wanted.append((section, try section.keys(for: options, in: context.configuration, &earlier)))
            }
            let (sections, isWriting) = (wanted, options.isWriting)
            let check = OpenBaoCheck(
                group: group,
                reader: reader,
                needs: { version in
                    sections.flatMap { $0.section.rules(for: $0.keys, writing: isWriting, version) }.combined()
                },
                advice: { version in
                    sections.flatMap { $0.section.rules(writing: isWriting, version) }.combined()
                },
                earlier: earlier
            )
            let names = group.sections.map(\.name)
            findings += await check.findings()
                .map { finding in
                    var finding = finding
                    finding.sections = names
                    return finding
                }
        }
        return findings
    }
}

extension BaoSection {
    /// The secrets that are asked for, as exactly as it is known; each once.
    fileprivate func keys(
        for options: OpenBaoPlugin.CheckOptions,
        in whole: KeyConfiguration,
        _ findings: inout [CheckFinding]
    ) throws(KeyResolutionError) -> [KeyPath] {
        let catalogue = try whole.catalogue()
        let allowed = AllowedSources(whole, catalogue)
        let profile = options.scope.profile
        var services = options.services.map(catalogue.canonical)
        if services.isEmpty {
            let named =
                Array(whole.providers.keys)
                + (profile.flatMap { whole.profiles[$0]?.providers.keys }.map(Array.init) ?? [])
            services = Set(named.map(catalogue.canonical)).sorted()
        }
        var keys: [KeyPath] = []
        var isAsked = false
        for service in services where allowed.allow(id, for: service, under: profile) {
            guard manager?.hosts(service, in: catalogue) ?? true, !BaoLocator.excluded.contains(service),
                let place = place(of: service, under: profile)
            else { continue }
            isAsked = true
            let mount = BaoMount(namespace: place.namespace, path: place.mount)
            do throws(KeyResolutionError) {
                let segments = try place.segments(for: service, options.scope)
                let words = "The key of '\(service)'"
                keys.append(KeyPath(kind: place.kind, mount: mount, segments: segments, words: words))
            } catch {
                findings.append(.failed("\(name), '\(service)'", error))
            }
        }
        // Nobody says which services are wanted: what may be asked for at all.
        if !isAsked, options.services.isEmpty, let general = places.first(where: { $0.service == nil }) {
            keys.append(general.pattern)
        }
        var seen: Set<[PathTemplate.Segment]> = []
        return keys.filter { key in
            seen.insert([.exactly(key.mount.namespace ?? "")] + key.mount.path.map { .exactly($0) } + key.segments)
                .inserted
        }
    }
}
