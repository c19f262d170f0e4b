import JSON5Syntax

extension Service {
    /// Refuses what names no service.
    ///
    /// - Parameter catalogue: The services that are known.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidService`.
    package func check(in catalogue: ServiceCatalogue = .standard) throws(KeyResolutionError) {
        try refuseModel(in: catalogue)
        guard !PastedKey.isInPlaceOfService(id) else { throw .pastedKey }
        guard isValid else {
            // What is long and no id may be a key of a kind that nobody knows.
            let isShort = id.utf8.count < 20
            let what = isShort ? "'\(displayText(id))'" : "what was given as the service"
            let model = splitAtModel.map { "; a service is the part before '\($0.separator)'" } ?? ""
            throw KeyResolutionError(
                .invalidService,
                "\(what) isn't a valid service id",
                remedy: "use 1 to 128 letters, digits, '-', '.' and '_', as in 'openai'\(model)"
            )
        }
    }

    /// Refuses the id of a model of a service that is known, such as `openai/gpt-4o`, as LiteLLM and others write it.
    ///
    /// What stands behind the service is not repeated: it may be anything.
    ///
    /// - Parameter catalogue: The services that are known.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidService`.
    package func refuseModel(in catalogue: ServiceCatalogue) throws(KeyResolutionError) {
        guard let (service, separator) = splitAtModel, catalogue.knows(service) else { return }
        throw KeyResolutionError(
            .invalidService,
            "a service has no '\(separator)' in its id",
            remedy: "is '\(service)' what you mean? A service is the part before '\(separator)'"
        )
    }

    /// What stands before the first slash or colon; nil if there is neither.
    private var splitAtModel: (service: Service, separator: Character)? {
        id.firstIndex { $0 == "/" || $0 == ":" }.map { (Service(String(id[..<$0])), id[$0]) }
    }
}
