import DotenvSyntax

extension KeyEnvironment {
    /// What the process environment is called among the places.
    static let processName = "process environment"

    /// What a place is called where it is shown that a variable stands there.
    func name(of place: Place, holding variable: String) -> String {
        switch place {
        case .process: Self.processName
        case .keyFile: "\(variable)\(KeyFiles.suffix)\(keyFiles.path(for: variable).map { " (\($0))" } ?? "")"
        case .file(let index, _): files[index].path
        }
    }

    private func line(of place: Place) -> Int? {
        if case .file(_, let line) = place { line } else { nil }
    }

    var places: [KeyExplanation.PlaceLine] {
        let own = [KeyExplanation.PlaceLine(name: Self.processName, isPresent: true, remark: nil)]
        let declared = files.reversed()
            .map { file in
                // It follows "missing" with a semicolon.
                let remark = file.remark.dropFirst(2)
                return KeyExplanation.PlaceLine(
                    name: file.path,
                    isPresent: file.contents != nil,
                    remark: remark.isEmpty ? nil : String(remark)
                )
            }
        return precedence == .process ? own + declared : declared + own
    }

    func location(of variable: String, at place: Place) -> KeyExplanation.Location {
        KeyExplanation.Location(variable: variable, place: name(of: place, holding: variable), line: line(of: place))
    }

    func lines(for lookup: VariableLookup) -> [KeyExplanation.VariableLine] {
        let winner = lookup.winner
        return lookup.variables.map { variable in
            let bindings = bindings(of: variable.name)
            return KeyExplanation.VariableLine(
                name: variable.name,
                tier: variable.tier,
                isShared: variable.isShared,
                state: bindings.isEmpty ? .unset : bindings.allSatisfy(\.isBlank) ? .empty : .set,
                occurrences: bindings.map { binding in
                    KeyExplanation.Occurrence(
                        place: name(of: binding.place, holding: variable.name),
                        line: line(of: binding.place),
                        state: binding.isBlank ? .empty : .set,
                        wins: variable.name == winner?.name && binding.place == winner?.binding.place
                    )
                }
            )
        }
    }

    /// What is odd about the files themselves: mistakes that do no harm yet, and a key that others can read.
    func warnings(for winner: Binding?) -> [String] {
        var warnings: [String] = []
        for (index, file) in files.enumerated() {
            warnings += file.diagnostics.lines(in: file.path, hiding: PastedKey.isIn)
            if case .file(index, _) = winner?.place, file.isReadableByOthers {
                warnings.append("\(file.path) can be read by other users of this machine; run: chmod 600 \(file.path)")
            }
        }
        return warnings
    }
}
