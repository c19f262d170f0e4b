package import JSON5Syntax
import KeyHooks

/// What a plugin sends.
package enum PluginMessage: Sendable {
    case hello(Hello)
    case response(id: String, PluginResponse)
    /// What keeps a request waiting; other words than ``waitingForUser`` are passed over as its state.
    case progress(id: String, state: String?, message: String?)

    static let waitingForUser = "waiting-for-user"

    /// A plugin's first words.
    package struct Hello: Sendable {
        package let versions: [Int]
        package let id: String?
        package let capabilities: [PluginMessage.Capability]
    }

    /// Reads one line.
    package init(line: ArraySlice<UInt8>) throws(Violation) {
        let node = try Self.node(of: line)
        switch node["type"]?.string {
        case "hello": self = .hello(try Hello(node))
        case "response": self = .response(id: try Self.id(node), try PluginResponse(node))
        default:
            self = .progress(
                id: try Self.id(node),
                state: node["state"]?.string == Self.waitingForUser ? Self.waitingForUser : nil,
                message: node["message"]?.string
            )
        }
    }

    private static func id(_ node: JSONNode) throws(Violation) -> String {
        guard let id = node["id"]?.string else { throw Violation(problem: "a message without the id of a request") }
        return id
    }
}

extension PluginMessage.Hello {
    fileprivate init(_ node: JSONNode) throws(PluginMessage.Violation) {
        guard let elements = node["v"]?.elements else {
            throw PluginMessage.Violation(problem: "a hello without a list of versions")
        }
        versions = elements.compactMap { element in
            if case .number(let number) = element.kind { number.int } else { nil }
        }
        id = node["plugin"]?["id"]?.string
        capabilities = (node["capabilities"]?.elements ?? []).compactMap(\.string)
            .compactMap(PluginMessage.Capability.init)
    }
}

extension PluginMessage {
    /// A line that isn't a message, and what is wrong with it.
    ///
    /// Nothing of the line is quoted, not even a name: with a quote too few names become values and values names. Its
    /// length, the class of its first byte and the place of the fault help an author as much, and more than an excerpt
    /// in which everything is hidden.
    package struct Violation: Error, Hashable {
        /// What is wrong, in words that are not the plugin's.
        package let problem: String
        /// What its author most likely has to do; nil for what follows from the problem.
        var hint: String?

        /// What its author needs to know who has no key and so writes nothing.
        package static let withoutKey = "a plugin that has no key answers {\"verdict\":\"proceed\"}"

        /// Both on one line.
        package var words: String { hint.map { "\(problem); \($0)" } ?? problem }
    }

    /// The types that a plugin's messages have.
    private static let types = ["hello", "response", "progress"]

    /// What is wrong with a line; nil if it is a message of some type.
    package static func violation(in line: ArraySlice<UInt8>) -> Violation? {
        do throws(Violation) {
            _ = try node(of: line)
            return nil
        } catch {
            return error
        }
    }

    /// Reads what is on a line, if that is a message of some type.
    package static func node(of line: ArraySlice<UInt8>) throws(Violation) -> JSONNode {
        let node: JSONNode
        do throws(JSONSyntaxError) {
            // A secret's numbers arrive as its store wrote them.
            node = try JSONParser.parse(line, syntax: .jsonKeepingNumbers, limits: .message(line.count))
        } catch {
            throw Violation(error, in: line)
        }
        guard node.members != nil else { throw Violation(noObjectIn: line) }
        switch node["type"]?.string {
        case nil: throw Violation(problem: "a message without a type: expected one of \(types.joined(separator: ", "))")
        case let type? where !types.contains(type):
            throw Violation(problem: "a message of an unknown type", expected: types, insteadOf: type)
        case .some: return node
        }
    }
}

extension PluginMessage.Violation {
    /// A word of the protocol that there is not.
    init(problem: String, expected words: [String], insteadOf word: String) {
        // The suggestion is one of ours.
        let question = closestMatch(to: word, among: words).map { "; did it mean '\($0)'?" } ?? ""
        self.init(problem: "\(problem): expected one of \(words.joined(separator: ", "))\(question)")
    }

    fileprivate init(noObjectIn line: ArraySlice<UInt8>) {
        self.init(
            problem: "a line that is not a JSON object (\(Self.shape(of: line)))",
            hint: "write messages alone on standard output, and anything for people on standard error"
        )
    }

    fileprivate init(_ error: JSONSyntaxError, in line: ArraySlice<UInt8>) {
        guard let first = line.first(where: { !Self.isBlank($0) }) else {
            self.init(problem: line.isEmpty ? "an empty line" : "a line of blanks", hint: Self.withoutKey)
            return
        }
        guard first == UInt8(ascii: "{") else {
            self.init(noObjectIn: line)
            return
        }
        let (place, words) = (error.position, Self.words(error, in: line))
        let position = place.line == 1 ? "column \(place.column)" : "line \(place.line), column \(place.column)"
        self.init(problem: "a line that is not JSON: \(position): \(words) (\(Self.shape(of: line)))")
    }

    /// The parser's words, which speak of a file where a program wrote.
    private static func words(_ error: JSONSyntaxError, in line: ArraySlice<UInt8>) -> String {
        switch error.kind {
        case .onlyInJSON5:
            hasSingleQuote(at: error.position, in: line)
                ? "a single quote: JSON has double quotes only, and a JSON library writes them"
                : "JSON5 will not do: write JSON as RFC 8259 has it"
        case .invalidUTF8: "these bytes are not UTF-8"
        case .nulByte: "a NUL byte"
        case .contentAfterDocument: "the object ends before this: write one object a line and nothing else"
        default: error.message
        }
    }

    private static func hasSingleQuote(at place: SourcePosition, in line: ArraySlice<UInt8>) -> Bool {
        let lines = line.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard place.line <= lines.count else { return false }
        return String(decoding: lines[place.line - 1], as: UTF8.self).unicodeScalars.dropFirst(place.column - 1).first
            == "'"
    }

    /// How long a line is and of which class its first byte is.
    static func shape(of line: ArraySlice<UInt8>) -> String {
        guard let first = line.first else { return "nothing" }
        return "\(line.count) bytes, the first \(name(of: first))"
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): "a letter"
        case UInt8(ascii: "0")...UInt8(ascii: "9"): "a digit"
        case UInt8(ascii: "{"): "an opening brace"
        case UInt8(ascii: "["): "an opening bracket"
        case UInt8(ascii: "\""), UInt8(ascii: "'"): "a quote"
        case _ where isBlank(byte): "a blank"
        case 0..<0x20, 0x7F: "a control character"
        case 0x80...: "not ASCII"
        default: "a punctuation mark"
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

extension PluginMessage {
    /// What host and plugin may use when both have it.
    package enum Capability: String, CaseIterable, Sendable {
        /// Several requests on one line.
        case batch
        /// The host tells that nobody waits for an answer any more.
        case cancel
        /// The plugin tells that it waits for somebody.
        case progress
        /// The host tells that a key was refused.
        case invalidate
    }
}
