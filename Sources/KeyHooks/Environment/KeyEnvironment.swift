import DotenvSyntax

/// The process environment and the declared files as one set of variables.
struct KeyEnvironment: Sendable {
    /// Where a variable stands.
    enum Place: Hashable, Sendable {
        case process
        case file(index: Int, line: Int)
    }

    /// A variable that is set, possibly to nothing.
    struct Binding: Sendable {
        let place: Place
        let value: String

        /// Whether it counts as unset: empty, or white space only.
        var isBlank: Bool { value.allSatisfy(\.isWhitespace) }
    }

    let process: [String: String]
    let files: [LoadedFile]
    let precedence: EnvironmentPrecedence

    /// All places where a variable is set, the one that decides first.
    func bindings(of name: String) -> [Binding] {
        let own = process[name].map { Binding(place: .process, value: $0) }
        // The last declaration of a name counts within a file, and the last file among files.
        let filed = files.indices.reversed()
            .compactMap { index -> Binding? in
                guard let entry = files[index].contents?.entry(named: name), let value = entry.value else { return nil }
                return Binding(place: .file(index: index, line: entry.line), value: value)
            }
        return precedence == .process ? (own.map { [$0] } ?? []) + filed : filed + (own.map { [$0] } ?? [])
    }

    /// The binding that gives a variable its value.
    ///
    /// Blank ones count as unset, so a blank one hides nothing.
    func value(of name: String) -> Binding? {
        bindings(of: name).first { !$0.isBlank }
    }

    func source(of place: Place, name: String) -> KeyProvenance.Source {
        switch place {
        case .process: .environment(name: name)
        case .file(let index, let line): .file(path: files[index].path, line: line, name: name)
        }
    }
}

extension KeyEnvironment {
    /// The places that are looked at, in words and in their order.
    var placesTried: [String] {
        let paths = files.reversed().map { $0.contents == nil ? $0.path + Self.missingWords : $0.path }
        let own = [Self.processWords]
        return precedence == .process ? own + paths : paths + own
    }

    private static let processWords = "the process environment"

    /// Where somebody may set a variable, in words.
    ///
    /// - Parameter files: The files that are read, the strongest first.
    /// - Returns: The words, beginning with "in".
    static func placesToSet(_ files: [String]) -> String {
        // More than anybody wants to read in one sentence.
        files.isEmpty ? "in the environment" : "in \(files.prefix(3).joined(separator: ", ")) or in the environment"
    }

    /// The same, from the places that an absence names; those of a plugin are no files.
    static func placesToSet(_ absence: KeyAbsence) -> String {
        let places = absence.placesTried.dropFirst(absence.passedOver)
        guard places.contains(processWords) else { return placesToSet([]) }
        return placesToSet(
            places.filter { $0 != processWords }
                .map { $0.hasSuffix(missingWords) ? String($0.dropLast(missingWords.count)) : $0 }
        )
    }

    private static let missingWords = " (missing)"
}

extension KeyEnvironment: CustomReflectable {
    /// Leaves the process environment out.
    var customMirror: Mirror { Mirror(self, children: ["places": placesTried]) }
}

extension KeyEnvironment.Binding: CustomReflectable {
    /// Leaves the value out.
    var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}
