import ExtensionHooks

extension KeyAnswer {
    /// The answer, its key marked with the hook that gave it if the hook did not say itself where it came from, and with
    /// the sources that failed before.
    ///
    /// - A blank key is refused: a provider would only see a request without one, and the cause would be hard to find.
    /// - An absence after a failure is the failure: nobody knows that there is no key.
    func attributed(
        to source: CallSource,
        service: Service,
        skipped: [SkippedSource]
    ) throws(KeyResolutionError) -> KeyAnswer {
        switch self {
        case .notRequired: return self
        case .found(let key):
            guard !key.isBlank else {
                throw KeyResolutionError(
                    .pluginFailed,
                    "\(source) answered with an empty key for '\(service)'",
                    remedy: "leave the result unset, or answer .absent, where there is no key",
                    service: service
                )
            }
            if key.hasProvenance, skipped.isEmpty { return self }
            return .found(key.with(Self.provenance(of: key, from: source, skipped)))
        case .absent(var absence):
            if let failure = skipped.first(where: { !$0.isAbsence }) {
                throw KeyResolutionError(failure, before: absence, for: service)
            }
            guard !skipped.isEmpty else { return self }
            absence.placesTried = skipped.map(\.description) + absence.placesTried
            absence.skippedCount += skipped.count
            absence.remedy = skipped.lazy.map(\.remedy).first { !$0.isEmpty } ?? absence.remedy
            return .absent(absence)
        }
    }

    private static func provenance(
        of key: APIKey,
        from source: CallSource,
        _ skipped: [SkippedSource]
    ) -> KeyProvenance {
        let unnamed: KeyProvenance.Source =
            switch source {
            case .hook(let id): .hook(id, detail: nil)
            case .body: .unknown
            }
        var provenance = key.provenance ?? KeyProvenance(source: unnamed)
        provenance.skippedSources = skipped
        return provenance
    }
}

extension KeyResolutionError {
    /// The failure of a source that was skipped in vain.
    fileprivate init(_ skipped: SkippedSource, before absence: KeyAbsence, for service: Service) {
        self.init(
            skipped.code,
            "\(skipped.message); no weaker source has a key for '\(service)' either",
            remedy: skipped.remedy,
            service: service,
            namesTried: absence.namesTried
        )
    }
}
