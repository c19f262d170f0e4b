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
            for doubt in key.doubts(as: use) where !isField || doubt.concernsFields {
                warn(KeyWarning(doubt, about: key, of: service))
            }
        }
        remarks.noteExamined(key, as: place)
        return answer
    }
}

extension KeyWarning {
    /// What is odd about the key that the environment has, or about the fields that do in its place, for who asks about
    /// it and not for it; in words.
    static func doubts(about resolved: ResolvedService, in environment: KeyEnvironment) -> [String] {
        let definition = resolved.definition
        if let credentials = resolved.credentials {
            return credentials.found.flatMap { name, binding in
                if binding.isUnreadable { return [environment.keyFiles.failure(for: name)?.message].compactMap(\.self) }
                let source = environment.source(of: binding.place, name: name)
                let key = APIKey(binding.value, provenance: KeyProvenance(source: source))
                return key.doubts(as: KeyUse(definition, in: environment, isField: true)).filter(\.concernsFields)
                    .map { KeyWarning($0, about: key, of: definition.service).message }
            }
        }
        guard case .found(let key) = resolved.answer, key.provenance?.source != .constant else { return [] }
        return key.doubts(as: KeyUse(definition, in: environment))
            .map { KeyWarning($0, about: key, of: definition.service).message }
    }

    fileprivate init(_ doubt: KeyDoubt, about key: APIKey, of service: Service) {
        let source = key.provenance?.source ?? .unknown
        let name = source.variable
        let place =
            switch source.kind {
            case .hook, .constant, .unknown: "the key for '\(service)' from \(source)"
            case .environment, .file: source.description
            }
        let isInFile = if case .file = source.kind { true } else { false }
        self.init(doubt, about: place, isInFile: isInFile, of: service, names: name.map { [$0] } ?? [])
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

extension KeyDoubt {
    fileprivate var concernsFields: Bool {
        switch self {
        case .surroundingBlanks, .quotes, .placeholder, .standIn, .unusableCharacter, .comment, .assignment,
            .pasteMarks,
            .strayEnd, .strayStart:
            true
        case .textAfterKey, .scheme, .unresolvedReference, .severalKeys, .json, .length, .encoded, .otherVendor, .url:
            false
        }
    }
}

extension KeyResolutionError {
    fileprivate init(
        _ fault: (words: String, remedy: String),
        in source: KeyProvenance.Source?,
        of service: Service
    ) {
        let isVariable = source?.variable != nil
        self.init(
            isVariable ? .invalidConfiguration : .pluginFailed,
            "the key for '\(service)' from \(source ?? .unknown) \(fault.words)",
            remedy: fault.remedy,
            service: service
        )
    }
}
