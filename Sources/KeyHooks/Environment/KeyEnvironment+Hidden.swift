import JSON5Syntax

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
