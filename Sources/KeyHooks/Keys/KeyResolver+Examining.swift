extension KeyResolver {
    /// The answer, once its key has been looked at; whatever source a key came from, it passes here.
    ///
    /// What is odd about a key is reported the first time that it is given out.
    ///
    /// - Parameters:
    ///   - answer: What a hook or the environment answered.
    ///   - resolved: The service that was asked for.
    ///   - isField: Whether it is a named field, which may be a sentence or a reference by its nature.
    /// - Returns: The answer as it was given.
    /// - Throws: A ``KeyResolutionError`` for a key with a control character, which would end a header field and begin
    ///   another, or with bytes that aren't UTF-8, in whose place another key would be given.
    func examined(
        _ answer: KeyAnswer,
        of resolved: ResolvedService,
        isField: Bool = false
    ) throws(KeyResolutionError) -> KeyAnswer {
        guard case .found(let key) = answer, key.isUnexamined else { return answer }
        let service = resolved.definition.service
        let place = ReportedOnce.ExaminedKey(service: service, isField: isField)
        if remarks.isExamined(key, as: place) {
            _ = key.markExamined()
            return answer
        }
        let use = KeyUse(resolved.definition, in: state.environment, isField: isField)
        if let fault = key.value.fault(as: use) {
            throw KeyResolutionError(fault, in: key.provenance?.source, of: service)
        }
        if key.markExamined() {
            for warning in key.warnings(as: use) { warn(KeyWarning(warning, about: key, of: service)) }
        }
        remarks.noteExamined(key, as: place)
        return answer
    }
}

extension KeyWarning {
    /// What is odd about the key that the environment has, or about the fields that do in its place, for who asks about
    /// it and not for it; in words.
    static func words(about resolved: ResolvedService, in environment: KeyEnvironment) -> [String] {
        let definition = resolved.definition
        func words(_ key: APIKey, isField: Bool) -> [String] {
            key.warnings(as: KeyUse(definition, in: environment, isField: isField))
                .map { KeyWarning($0, about: key, of: definition.service).message }
        }
        if let credentials = resolved.credentials {
            return credentials.found.flatMap { name, binding in
                if binding.isUnreadable { return [environment.keyFiles.failure(for: name)?.message].compactMap(\.self) }
                let source = environment.source(of: binding.place, name: name)
                return words(APIKey(binding.value, provenance: KeyProvenance(source: source)), isField: true)
            }
        }
        guard case .found(let key) = resolved.answer, key.provenance?.source != .constant else { return [] }
        return words(key, isField: false)
    }

    fileprivate init(_ warning: KeyTextWarning, about key: APIKey, of service: Service) {
        let source = key.provenance?.source ?? .unknown
        let variable = source.variable
        let isInFile = if case .file = source.kind { true } else { false }
        let place = variable == nil ? "the key for '\(service)' from \(source)" : source.description
        self.init(
            code: warning.code,
            service: service,
            names: variable.map { [$0] } ?? [],
            message: warning.message(about: place, isInFile: isInFile)
        )
    }
}

extension KeyProvenance.Source {
    /// The variable that holds the key; nil if none does.
    fileprivate var variable: String? {
        switch kind {
        case .environment(let name), .file(_, _, let name): name
        case .hook, .constant, .unknown: nil
        }
    }
}

extension KeyResolutionError {
    fileprivate init(_ fault: (words: String, remedy: String), in source: KeyProvenance.Source?, of service: Service) {
        let isVariable = source?.variable != nil
        self.init(
            isVariable ? .invalidConfiguration : .pluginFailed,
            "the key for '\(service)' from \(source ?? .unknown) \(fault.words)",
            remedy: fault.remedy,
            service: service
        )
    }
}
