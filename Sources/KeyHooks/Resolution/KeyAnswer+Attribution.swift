import ExtensionHooks

extension KeyAnswer {
    /// The answer, its key marked with the hook that gave it if the hook did not say itself where it came from.
    ///
    /// A blank key is refused: a provider would only see a request without one, and the cause would be hard to find.
    func attributed(to source: CallSource, service: Service) throws(KeyResolutionError) -> KeyAnswer {
        guard case .found(let key) = self else { return self }
        guard !key.isBlank else {
            throw KeyResolutionError(
                .pluginFailed,
                "\(source) answered with an empty key for '\(service)'",
                remedy: "leave the result unset, or answer .absent, where there is no key",
                service: service
            )
        }
        guard !key.hasProvenance else { return self }
        switch source {
        case .hook(let id): return .found(key.with(KeyProvenance(source: .hook(id, detail: nil))))
        case .body: return .found(key.with(KeyProvenance(source: .unknown)))
        }
    }
}
