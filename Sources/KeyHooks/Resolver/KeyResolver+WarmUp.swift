import ExtensionHooks
import JSON5Syntax

extension KeyResolver {
    /// How many keys are asked for at a time.
    private static var warmUpWidth: Int { 16 }

    /// Has the keys of services read ahead, so that later calls find them kept.
    ///
    /// ```swift
    /// let failures = await resolver.warmUp(["openai", "anthropic", "groq"])
    /// ```
    ///
    /// A secret manager that reads many secrets with few requests (``BatchReadableSecretManager``) does so first, for
    /// the services whose rules let it be asked and that no stronger source is for. A weaker one is then asked for
    /// those that it has nothing for. After that each key is asked for as ever, so that hooks, denials and fallbacks
    /// hold; no hook is asked before the secrets are read, and one that denies a key denies it to its callers. Callers
    /// who ask for a key meanwhile wait for the same read.
    ///
    /// What isn't kept by a source, such as an answer of a plain hook, isn't kept afterwards either. No more than
    /// ``CachePolicy/capacity`` keys can be.
    ///
    /// - Parameters:
    ///   - services: The services; aliases will do.
    ///   - scope: For whom the keys are wanted.
    /// - Returns: The services whose key couldn't be had, as they were named, and why: a ``KeyResolutionError`` as
    ///   ``requireAPIKey(service:scope:maximumAge:refresh:)`` throws it, `absent` where nobody has a key included; a
    ///   `CancellationError` for what is left once the caller is cancelled. One that requires no key isn't among them.
    public func warmUp(_ services: [Service], scope: KeyScope = KeyScope()) async -> [Service: any Error] {
        var seen: Set<Service> = []
        let services = services.filter { seen.insert($0).inserted }
        // Who is cancelled in it learns that from the calls.
        try? await readTogether(services, scope)
        let errors = await concurrently(services, atMost: Self.warmUpWidth) { service -> (any Error)? in
            do {
                try Task.checkCancellation()
                _ = try await self.requireAPIKey(service: service, scope: scope)
                return nil
            } catch let error as KeyResolutionError where error.code == .notRequired {
                return nil
            } catch {
                return error
            }
        }
        return Dictionary(
            uniqueKeysWithValues: zip(services, errors)
                .compactMap { service, error in
                    error.map { (service, $0) }
                }
        )
    }

    /// Has secret managers read all secrets that have some tags, so that later calls find them kept.
    ///
    /// Each manager that can read by tags (``BatchReadableSecretManager``) is asked, and what it has is kept under the
    /// names of the secrets: a key whose secret is among them needs no request until its TTL ends. No secret is kept in
    /// the place of another that is in use: where there is no room for more, reading ends.
    ///
    /// A key that has a `ttl` of its own under a profile, or another version of a secret, is read by itself all the
    /// same.
    ///
    /// - Parameter tags: The tags, of which a secret must have all; at least one.
    /// - Throws: The first ``KeyResolutionError`` of a manager, after all were asked; `unsupported` if none can read by
    ///   tags, `invalidConfiguration` without a tag. A `CancellationError`.
    public func warmUp(tagged tags: [String: String]) async throws {
        guard !tags.isEmpty else {
            throw KeyResolutionError.invalidConfiguration(
                "no tag says which secrets are to be read ahead",
                remedy: "name one or more"
            )
        }
        let state = state
        let requests = state.catalogue.all
            .filter { state.rules.rule(of: $0.service, under: nil)?.timeToLive != nil }
            .compactMap { try? state.resolved($0.service, under: nil).request(KeyScope()) }
        var (isSupported, failure) = (false, KeyResolutionError?.none)
        let asked = Self.asked(state.hooks.registry.order(of: .getAPIKey))
        for cache in caches where cache.readsTogether && asked.contains(where: { cache.id.matches($0.id) }) {
            do {
                try await cache.read(tagged: tags, for: requests)
                isSupported = true
            } catch let error as KeyResolutionError {
                if error.code == .unsupported { continue }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        guard !isSupported else { return }
        throw KeyResolutionError(
            .unsupported,
            "no secret manager can read by tags",
            remedy: "use one that can, or name the services"
        )
    }
}

extension KeyResolver {
    /// A key that is to be read, and the sources that are asked for it and were not yet.
    fileprivate struct Wanted {
        let request: KeyRequest
        /// Their places among the caches, the last first.
        var sources: [Int]
    }

    /// Has the sources that can read what they would be asked for together, the stronger ones first.
    private func readTogether(_ services: [Service], _ scope: KeyScope) async throws {
        let (state, caches) = (state, caches)
        guard caches.contains(where: \.readsTogether) else { return }
        var seen: Set<KeyRequest> = []
        var wanted = services.compactMap { service -> Wanted? in
            guard let resolved = try? state.resolved(service, under: scope.profile) else { return nil }
            let request = resolved.request(scope)
            guard seen.insert(request).inserted else { return nil }
            return Wanted(request: request, sources: Self.sources(of: request, among: caches, resolved.sites.registry))
        }
        while true {
            var requests: [Int: [KeyRequest]] = [:]
            for index in wanted.indices {
                guard let next = wanted[index].next(caches) else { continue }
                requests[next, default: []].append(wanted[index].request)
            }
            if requests.isEmpty { return }
            var left: Set<KeyRequest> = []
            for (source, requests) in requests.sorted(by: { $0.key < $1.key }) {
                left.formUnion(try await caches[source].readTogether(requests))
            }
            wanted = wanted.filter { left.contains($0.request) }
        }
    }

    /// The places of the caches behind the hooks that are asked for a key, in the order in which they are, the last
    /// first.
    private static func sources(
        of request: KeyRequest,
        among caches: [any KeyCache],
        _ registry: HookRegistry
    ) -> [Int] {
        var sources: [Int] = []
        for placement in asked(registry.order(of: .getAPIKey, for: request)) {
            sources += caches.indices.filter { caches[$0].id.matches(placement.id) && !sources.contains($0) }
        }
        return sources.reversed()
    }

    /// The hooks that are asked before there is an answer, and aren't switched off.
    private static func asked(_ hooks: [HookPlacement]) -> [HookPlacement] {
        hooks.filter { !$0.isDisabled && $0.exclusion == nil && $0.phases.contains(.start) }
    }
}

extension KeyResolver.Wanted {
    /// Takes the next source if it reads together; nil where another one is asked first, which then has to answer.
    fileprivate mutating func next(_ caches: [any KeyCache]) -> Int? {
        while let next = sources.popLast() {
            if caches[next].readsTogether { return next }
            if caches[next].report(on: request) != nil { sources = [] }
        }
        return nil
    }
}
