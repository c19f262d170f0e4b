/// Everything that is wrong in one document.
package struct JSONMistakes: Error, Sendable, Hashable {
    /// The mistakes as they come in the file; at least one.
    package let all: [JSONMistake]

    /// Creates the error from at least one mistake, in any order.
    package init(_ mistakes: [JSONMistake]) {
        precondition(!mistakes.isEmpty, "an error needs a mistake")
        all = mistakes.sorted()
    }

    /// One line for each mistake, each beginning with the name of the file.
    package func description(in file: String) -> String {
        firstLines(of: all, file) { $0.description(in: file) }
    }
}

/// A line for each of several things that are wrong, up to a hundred, and how many more there are: a file may be wrong in
/// as many places as it has bytes.
package func firstLines<Fault>(of faults: [Fault], _ file: String? = nil, _ line: (Fault) -> String) -> String {
    let shown = 100
    let lines = faults.prefix(shown).map(line)
    let more = faults.count > shown ? ["and \(faults.count - shown) more" + (file.map { " in \($0)" } ?? "")] : []
    return (lines + more).joined(separator: "\n")
}

extension JSONMistakes: CustomStringConvertible {
    /// One line for each mistake.
    package var description: String { firstLines(of: all) { $0.description } }
}
