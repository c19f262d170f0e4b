#if CLI
import KeyHooks

extension Service {
    /// Reads what was typed where a service belongs.
    ///
    /// - Throws: A `KeyResolutionError` if it looks like a key. Capitals tell most keys from names, and an id has none.
    init(typed text: String, in catalogue: ServiceCatalogue) throws(KeyResolutionError) {
        self.init(text)
        if PastedKey.isInPlaceOfService(text), !catalogue.definition(of: self).isListed { throw .pastedKey }
    }
}
#endif
