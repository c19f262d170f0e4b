extension DotenvFile {
    /// The value bound to a name.
    ///
    /// The last binding wins, as in every dialect. A declaration without a value (`export NAME`) does not hide an
    /// earlier value, as in a shell and in Ruby's dotenv.
    ///
    /// - Parameter name: The exact name; case matters.
    /// - Returns: The value, or nil when the name is unset or only declared.
    public subscript(name: String) -> String? {
        entry(named: name)?.value
    }

    /// The entry that decides a name: its last one with a value, or else its last declaration.
    ///
    /// - Parameter name: The exact name; case matters.
    /// - Returns: The entry, or nil when the name does not occur.
    public func entry(named name: String) -> DotenvEntry? {
        index[name].map { entries[$0] }
    }

    /// Every name that is bound or exported, once, in order of first appearance.
    ///
    /// A word alone on its line is left out: it may be a key pasted without a name. It is still in ``entries``.
    public var names: [String] {
        var seen: Set<String> = []
        return entries.compactMap { entry in
            entry.isNameKnown && seen.insert(entry.name).inserted ? entry.name : nil
        }
    }
}
