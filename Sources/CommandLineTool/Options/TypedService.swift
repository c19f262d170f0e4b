#if CLI
import KeyHooks

extension Service {
    /// Reads what was typed where a service belongs.
    ///
    /// - Throws: A `KeyResolutionError` if it is a model of a service, or looks like a key. Capitals tell most keys from names, and an id has none.
    init(typed text: String, in catalogue: ServiceCatalogue) throws(KeyResolutionError) {
        self.init(text)
        guard !catalogue.definition(of: self).isListed else { return }
        try refuseModel(in: catalogue)
        if PastedKey.isInPlaceOfService(text) { throw .pastedKey }
    }

    /// Says so if nobody knows the service and its name is much like that of one that is known.
    func warnIfUnknown(in catalogue: ServiceCatalogue) {
        // What isn't a valid service id at all is refused later on; it may hold anything, control characters included.
        guard isValid, let suggestion = catalogue.suggestion(for: self) else { return }
        StandardError.write("warning: '\(self)' is not a known service. Did you mean '\(suggestion)'?")
    }
}
#endif
