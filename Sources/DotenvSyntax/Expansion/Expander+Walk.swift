extension Expander {
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
