/// Replaces `${NAME}` and `${NAME:-default}` in the values of a text.
///
/// Each value is expanded once and remembered, so the work is linear in the text and the output, and what references
/// add to the output is bounded. The depth of a value is one more than that of the deepest it refers to, so the depth
/// limit gives the same answer whichever value is asked for first.
struct Expander {
    let text: Text
    private let lookup: @Sendable (String) -> String?
    private let asksLookupFirst: Bool
    private let maximumDepth: Int
    private var outputLeft: Int
    private(set) var entries: [DotenvEntry]
    private var states: [State]
    /// For each name its bindings, in file order.
    private var bindings: [String: [Int]] = [:]
    private(set) var diagnostics: [DotenvDiagnostic] = []

    private enum State {
        case waiting
        case active
        case done(depth: Int)
        /// Too deep for so many levels; it may yet do with more.
        case tooDeep(levels: Int)
        case failed(DotenvDiagnostic.Code)
    }

    /// Why a value cannot be expanded, and where in it.
    struct Failure: Error {
        let code: DotenvDiagnostic.Code
        let place: ReferenceCursor.Place
    }

    init(
        text: Text,
        entries: [DotenvEntry],
        options: DotenvFile.Options,
        lookup: @escaping @Sendable (String) -> String?
    ) {
        self.text = text
        self.lookup = lookup
        self.entries = entries
        asksLookupFirst = options.expansion.preference == .lookup
        // The walk recurses, so the depth is also bounded by what the stack of any thread has room for.
        maximumDepth = min(max(options.maximumExpansionDepth, 0), 64)
        outputLeft = options.maximumBytes
        states = Array(repeating: .waiting, count: entries.count)
        for (position, entry) in entries.enumerated() where entry.value != nil {
            bindings[entry.name, default: []].append(position)
        }
    }

    mutating func expandAll() {
        for position in entries.indices {
            let start = ReferenceCursor.Place(entries[position])
            do {
                _ = try resolve(position, levels: maximumDepth, from: start)
            } catch {
                states[position] = .failed(error.code)
                diagnostics.append(diagnostic(error.code, at: error.place, in: position))
            }
        }
    }

    func hasFailed(_ position: Int) -> Bool {
        if case .failed = states[position] { true } else { false }
    }

    func diagnostic(
        _ code: DotenvDiagnostic.Code,
        at place: ReferenceCursor.Place,
        in position: Int
    ) -> DotenvDiagnostic {
        DotenvDiagnostic(code, line: place.line, column: place.column, name: entries[position].name)
    }

    /// Expands one entry, unless that is done, with at most so many levels below it.
    ///
    /// - Parameters:
    ///   - position: Which entry.
    ///   - levels: How many levels there may be.
    ///   - place: Where a failure that is known already is to be reported.
    /// - Returns: How many levels it needed.
    /// - Throws: Why it cannot be expanded.
    private mutating func resolve(
        _ position: Int,
        levels: Int,
        from place: ReferenceCursor.Place
    ) throws(Failure) -> Int {
        switch states[position] {
        case .done(let depth) where depth <= levels: return depth
        case .done: throw Failure(code: .expansionTooDeep, place: place)
        case .active: throw Failure(code: .expansionCycle, place: place)
        case .failed(let code): throw Failure(code: code, place: place)
        case .tooDeep(let tried) where tried >= levels: throw Failure(code: .expansionTooDeep, place: place)
        case .waiting, .tooDeep: break
        }
        guard entries[position].mayRefer(in: text) else {
            states[position] = .done(depth: 0)
            return 0
        }
        states[position] = .active
        var cursor = ReferenceCursor(text: text, position: position, entry: entries[position])
        do {
            let depth = try walk(&cursor, levels: levels)
            diagnostics += cursor.warnings
            entries[position].value = String(decoding: cursor.output, as: UTF8.self)
            states[position] = .done(depth: depth)
            return depth
        } catch {
            // With more levels it may do; any other cause stands, whoever asks.
            states[position] = error.code == .expansionTooDeep ? .tooDeep(levels: levels) : .failed(error.code)
            throw error
        }
    }
}

// MARK: - What a reference means

extension Expander {
    /// The value a reference stands for and how many levels it needs; nil when the name is not set.
    mutating func value(
        of name: String,
        for cursor: ReferenceCursor,
        levels: Int,
        at place: ReferenceCursor.Place
    ) throws(Failure) -> (value: String, depth: Int)? {
        if asksLookupFirst, let found = try outsideValue(of: name, at: place) { return (found, 0) }
        if let target = binding(of: name, for: cursor.position) {
            guard levels > 0 else { throw Failure(code: .expansionTooDeep, place: place) }
            let depth: Int
            do {
                depth = try resolve(target, levels: levels - 1, from: place)
            } catch {
                // The place is to be one in the value that asks.
                throw Failure(code: error.code, place: place)
            }
            return entries[target].value.map { ($0, depth + 1) }
        }
        if !asksLookupFirst, let found = try outsideValue(of: name, at: place) { return (found, 0) }
        return nil
    }

    private func outsideValue(of name: String, at place: ReferenceCursor.Place) throws(Failure) -> String? {
        guard let found = lookup(name) else { return nil }
        guard !found.utf8.contains(0) else { throw Failure(code: .nul, place: place) }
        return found
    }

    /// The nearest earlier binding of a name, or else the last later one; never the asking entry itself.
    private func binding(of name: String, for position: Int) -> Int? {
        guard let positions = bindings[name] else { return nil }
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < position { low = middle + 1 } else { high = middle }
        }
        if low > 0 { return positions[low - 1] }
        return positions.last.flatMap { $0 > position ? $0 : nil }
    }

    mutating func spend(_ count: Int, at place: ReferenceCursor.Place) throws(Failure) {
        outputLeft -= count
        if outputLeft < 0 { throw Failure(code: .expansionTooLarge, place: place) }
    }

    // MARK: - Walking a value

    /// Writes a value, or a default within one, with its references replaced.
    ///
    /// - Returns: How many levels of references and nested defaults it needed.
    mutating func walk(
        _ cursor: inout ReferenceCursor,
        levels: Int,
        isDefault: Bool = false,
        isUsed: Bool = true
    ) throws(Failure) -> Int {
        var depth = 0
        while cursor.offset < cursor.end {
            if isDefault, cursor.take(Byte.closeBrace) { return depth }
            if cursor.startsReference {
                depth = max(depth, try replaceReference(&cursor, levels: levels, isUsed: isUsed))
                continue
            }
            let byte = cursor.takeByte()
            if isUsed { cursor.output.append(byte) }
        }
        guard !isDefault else { throw Failure(code: .malformedExpansion, place: cursor.locate()) }
        return depth
    }

    /// Replaces the reference at the cursor; where it is not used, only checks its form.
    private mutating func replaceReference(
        _ cursor: inout ReferenceCursor,
        levels: Int,
        isUsed: Bool
    ) throws(Failure) -> Int {
        let place = cursor.locate()
        guard let name = cursor.takeName() else { throw Failure(code: .malformedExpansion, place: place) }
        let found = isUsed ? try value(of: name, for: cursor, levels: levels, at: place) : nil
        if cursor.take(Byte.closeBrace) {
            if let found {
                try spend(found.value.utf8.count, at: place)
                cursor.output += found.value.utf8
            } else if isUsed {
                // ${NAME-default} is a form of other dialects; empty would be the wrong answer.
                guard !name.utf8.contains(Byte.hyphen) else { throw Failure(code: .malformedExpansion, place: place) }
                cursor.warnings.append(diagnostic(.undefinedReference, at: place, in: cursor.position))
            }
            return found?.depth ?? 0
        }
        guard cursor.take(Byte.colon), cursor.take(Byte.hyphen) else {
            throw Failure(code: .malformedExpansion, place: place)
        }
        guard levels > 0 else { throw Failure(code: .expansionTooDeep, place: place) }
        let text = found.flatMap { $0.value.isEmpty ? nil : $0.value }
        if let text {
            try spend(text.utf8.count, at: place)
            cursor.output += text.utf8
        }
        let depth = try walk(&cursor, levels: levels - 1, isDefault: true, isUsed: isUsed && text == nil)
        return max(found?.depth ?? 0, depth + 1)
    }
}

// MARK: - The text as a whole

extension DotenvEntry {
    /// Whether references are looked for in the value.
    fileprivate func mayRefer(in text: Text) -> Bool {
        value != nil && quoting != .single && text[span.value].contains(Byte.dollar)
    }
}

extension ParsedText {
    /// Replaces the references in all values, and drops the entries where that fails.
    mutating func expand(_ bytes: [UInt8], options: DotenvFile.Options) {
        guard let lookup = options.expansion.lookup, bytes.contains(Byte.dollar) else { return }
        bytes.withUnsafeBufferPointer { text in
            var expander = Expander(text: text, entries: entries, options: options, lookup: lookup)
            expander.expandAll()
            entries = expander.entries.enumerated().compactMap { expander.hasFailed($0.offset) ? nil : $0.element }
            diagnostics += expander.diagnostics
        }
    }
}
