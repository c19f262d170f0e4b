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
        let paths = files.reversed().map { $0.contents == nil ? "\($0.path) (missing)" : $0.path }
        let own = ["the process environment"]
        return precedence == .process ? own + paths : paths + own
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
