import DotenvSyntax
import JSON5Syntax

/// The process environment and the declared files as one set of variables.
struct KeyEnvironment: Sendable {
    /// Where a variable stands.
    enum Place: Hashable, Sendable {
        case process

        /// A file that the variable with `_FILE` added to its name names.
        case keyFile
        case file(index: Int, line: Int)
    }

    /// A variable that is set, possibly to nothing.
    struct Binding: Sendable {
        let place: Place
        let value: String

        /// Whether it cannot be read, so that nobody knows the value.
        var isUnreadable = false

        /// Whether it counts as unset: empty, or white space only.
        var isBlank: Bool { !isUnreadable && value.allSatisfy(\.isWhitespace) }
    }

    let process: [String: String]
    let files: [LoadedFile]
    let precedence: EnvironmentPrecedence
    let keyFiles: KeyFiles

    /// Names that differ from what a variable is called by case and `-` alone, by that name.
    private let misspelt: [String: (name: String, place: Place)]

    /// What may be set anywhere: of the hundreds of variables that services have, most are not.
    private let names: Set<String>

    init(process: [String: String], files: [LoadedFile], precedence: EnvironmentPrecedence, keyFiles: KeyFiles? = nil) {
        self.process = process
        self.files = files
        self.precedence = precedence
        self.keyFiles = keyFiles ?? KeyFiles(process)
        var misspelt: [String: (name: String, place: Place)] = [:]
        func note(_ name: String, _ place: Place) {
            let usual = String(name.uppercased().map { $0 == "-" ? "_" : $0 })
            if usual != name { misspelt[usual] = (name, place) }
        }
        for (index, file) in files.enumerated() {
            for entry in file.contents?.entries ?? [] where entry.value?.isEmpty == false {
                note(entry.name, .file(index: index, line: entry.line))
            }
        }
        for name in process.keys.sorted() { note(name, .process) }
        self.misspelt = misspelt
        let all = process.keys + files.flatMap { $0.contents?.entries.map(\.name) ?? [] }
        names = Set(
            all + all.filter { $0.hasSuffix(KeyFiles.suffix) }.map { String($0.dropLast(KeyFiles.suffix.count)) }
        )
    }

    /// The same with the files as they are now, if one of them was changed.
    ///
    /// - Parameter reads: Counts the files that are read.
    /// - Returns: Nil if nothing has changed.
    /// - Throws: What is wrong in a file now.
    func reloaded(counting reads: inout Int) throws(KeyResolutionError) -> KeyEnvironment? {
        var faults = ConfigurationFaults()
        var isNew = false
        var files = files
        for index in files.indices {
            faults.keep { () throws(KeyResolutionError) in
                guard let file = try files[index].reloaded(counting: &reads) else { return }
                files[index] = file
                isNew = true
            }
        }
        var keyFiles = keyFiles
        faults.keep { () throws(KeyResolutionError) in
            guard let new = try keyFiles.reloaded(counting: &reads) else { return }
            keyFiles = new
            isNew = true
        }
        try faults.check()
        guard isNew else { return nil }
        return KeyEnvironment(process: process, files: files, precedence: precedence, keyFiles: keyFiles)
    }

    /// Whether anything in it is from a file.
    var hasFiles: Bool { !files.isEmpty || keyFiles.areNamed }

    /// All places where a variable is set, the one that decides first.
    func bindings(of name: String) -> [Binding] {
        guard names.contains(name) else { return [] }
        let own = [process[name].map { Binding(place: .process, value: $0) }, keyFile(of: name)].compactMap(\.self)
        // The last declaration of a name counts within a file, and the last file among files.
        let filed = files.indices.reversed()
            .compactMap { index -> Binding? in
                guard let (line, value) = files[index].value(of: name) else { return nil }
                return Binding(place: .file(index: index, line: line), value: value)
            }
        return precedence == .process ? own + filed : filed + own
    }

    private func keyFile(of name: String) -> Binding? {
        switch keyFiles.contents(for: name) {
        case .success(let value)?: Binding(place: .keyFile, value: value)
        case .failure?: Binding(place: .keyFile, value: "", isUnreadable: true)
        case nil: nil
        }
    }

    /// What is set under a name that resembles a variable's, in words.
    func misspelling(of name: String) -> String? {
        if let (other, place) = misspelt[name] {
            return
                "\(displayText(other)) is set in \(self.name(of: place, holding: other)), and is another name: rename it to \(name)"
        }
        guard names.contains(name) else { return nil }
        let place = files.indices.reversed().first { files[$0].value(of: name + KeyFiles.suffix) != nil }
        return place.map {
            "\(name)\(KeyFiles.suffix) in \(files[$0].path) is not followed: set it in the process environment"
        }
    }

    /// The binding that gives a variable its value.
    ///
    /// Blank ones count as unset, so a blank one hides nothing.
    func value(of name: String) -> Binding? { bindings(of: name).first { !$0.isBlank } }

    func source(of place: Place, name: String) -> KeyProvenance.Source {
        switch place {
        case .process: .environment(name: name)
        case .keyFile: .environment(name: name + KeyFiles.suffix)
        case .file(let index, let line): .file(path: files[index].path, line: line, name: name)
        }
    }
}

extension KeyEnvironment {
    /// The places that are looked at, in words and in their order.
    var placesTried: [String] { places.map { $0.name == Self.processName ? Self.processWords : $0.words(" ") } }

    private static let processWords = "the \(processName)"

    /// Where somebody may set a variable, in words.
    ///
    /// - Parameter files: The files that are read, the strongest first.
    /// - Returns: The words, beginning with "in".
    static func placesToSet(_ files: [String]) -> String {
        // Nothing can be set in the file that stands for none.
        let files = files.filter { $0 != "/dev/null" }
        // More than anybody wants to read in one sentence.
        return files.isEmpty
            ? "in the environment" : "in \(files.prefix(3).joined(separator: ", ")) or in the environment"
    }

    /// The same, from the places that an absence names; those of a plugin aren't files.
    static func placesToSet(_ absence: KeyAbsence) -> String {
        let places = absence.placesTried.dropFirst(absence.skippedCount)
        let files = places.filter { $0 != processWords }
            .map { place in
                guard place.hasSuffix(")"), let words = place.firstRange(of: " (missing") else { return place }
                return String(place[..<words.lowerBound])
            }
        return placesToSet(places.contains(processWords) ? files : [])
    }
}

extension KeyEnvironment: CustomReflectable {
    /// Leaves the process environment out.
    var customMirror: Mirror { Mirror(self, children: ["places": placesTried]) }
}

extension KeyEnvironment.Binding: CustomReflectable {
    /// Leaves the value out.
    var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}

extension KeyEnvironment {
    /// What to say of a variable of the process that hides another value in a file, such as one that was left over in a
    /// shell; nil if it hides none, or the same one.
    ///
    /// It is often meant, so it is said to who asks about a key, and not to every program that gets one.
    ///
    /// - Parameters:
    ///   - name: The variable that answers.
    ///   - place: Where its value stands.
    /// - Returns: A line that names both places, and no value.
    func hiddenValue(of name: String, by place: Place) -> String? {
        guard place == .process, let value = process[name] else { return nil }
        for (index, file) in files.enumerated().reversed() {
            guard let (line, other) = file.value(of: name), !other.allSatisfy(\.isWhitespace) else { continue }
            // Only the last file's would come into force.
            guard APIKey(other) != APIKey(value) else { return nil }
            let hidden = source(of: .file(index: index, line: line), name: name)
            return "\(source(of: place, name: name)) hides another value: \(hidden). "
                + "If that one is meant, run: unset \(name)"
        }
        return nil
    }
}

extension KeyResolver {
    /// What to say of a key that was given, if the variable it is from hides another value; see
    /// ``KeyExplanation/warnings``.
    ///
    /// - Parameter key: The key.
    /// - Returns: A line without a value; nil if nothing is hidden.
    package func remark(onHiddenValueOf key: APIKey) -> String? {
        guard case .environment(let name)? = key.provenance?.source.kind else { return nil }
        return state.environment.hiddenValue(of: name, by: .process).map { displayLines($0) }
    }
}
