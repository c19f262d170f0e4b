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
        passed: [PassedSource]
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
            if key.hasProvenance, passed.isEmpty { return self }
            return .found(key.with(Self.provenance(of: key, from: source, passed)))
        case .absent(var absence):
            if let failure = passed.first(where: { !$0.isAbsence }) {
                throw KeyResolutionError(failure, before: absence, for: service)
            }
            guard !passed.isEmpty else { return self }
            absence.placesTried = passed.map(\.description) + absence.placesTried
            absence.passedOver += passed.count
            absence.remedy = passed.lazy.map(\.remedy).first { !$0.isEmpty } ?? absence.remedy
            return .absent(absence)
        }
    }

    private static func provenance(
        of key: APIKey,
        from source: CallSource,
        _ passed: [PassedSource]
    ) -> KeyProvenance {
        let unnamed: KeyProvenance.Source =
            switch source {
            case .hook(let id): .hook(id, detail: nil)
            case .body: .unknown
            }
        var provenance = key.provenance ?? KeyProvenance(source: unnamed)
        provenance.passedOver = passed.filter { !$0.isAbsence }
        return provenance
    }
}

extension KeyResolutionError {
    /// The failure of a source that was passed over in vain.
    fileprivate init(_ passed: PassedSource, before absence: KeyAbsence, for service: Service) {
        self.init(
            passed.code,
            "\(passed.message); no weaker source has a key for '\(service)' either",
            remedy: passed.remedy,
            service: service,
            namesTried: absence.namesTried
        )
    }
}
