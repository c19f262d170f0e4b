import JSON5Syntax
import KeyHooks
import PluginHost
import Synchronization

/// All that the processes of one check wrote, for the rules that look at the whole.
final class ConformanceTranscript: Sendable {
    private struct State {
        /// Has values searched for, as far as there is room.
        mutating func keep(_ values: [String]) {
            secrets.formUnion(values.prefix(ConformanceTranscript.secretLimit - secrets.count))
        }

        var firstOdd: String?
        var lines = 0
        var errors: [UInt8] = []
        var secrets: Set<String> = []
        /// The messages without the results that may hold a key.
        var texts: [String] = []
    }

    /// What all processes together may write on standard error before the rest is left out.
    static let errorLimit = 4 << 20

    /// How many values are searched for elsewhere; a plugin decides how many it returns.
    private static let secretLimit = 64

    /// Of stored secrets shorter texts aren't searched for: those that are written here are words such as `true`.
    private static let shortestStored = 12

    private let state = Mutex(State())
    private let mask: SecretRedactor
    /// Shows everything to an author who asked for that.
    let mirror: OutputMirror?

    init(mask: SecretRedactor = SecretRedactor(), mirror: OutputMirror? = nil) {
        (self.mask, self.mirror) = (mask, mirror)
    }

    /// How much of standard error is kept.
    var errorCount: Int { state.withLock { $0.errors.count } }

    /// Takes a line of standard output, or all of a one-shot plugin's.
    func add(output line: ArraySlice<UInt8>) {
        let odd = PluginMessage.violation(in: line)?.words
        let node = try? JSONParser.parse(line, limits: JSONParser.Limits(size: max(line.count, 1), depth: 64))
        let secrets = node?.returnedValues ?? []
        for secret in secrets { mask.remember(secret) }
        state.withLock { state in
            state.lines += 1
            if state.firstOdd == nil { state.firstOdd = odd }
            guard let node else { return }
            state.keep(secrets.flatMap(Self.searchable))
            let shown = [node["ok"]?["provenance"], node["error"], node["message"]].compactMap(\.self)
            state.texts += shown.flatMap(Self.searchable)
        }
    }

    /// The texts in a value; a shorter one is part of ordinary texts.
    private static func searchable(_ node: JSONNode) -> [String] {
        let isStored = node["text"] != nil || node["fields"] != nil
        return node.strings.filter { $0.utf8.count >= (isStored ? shortestStored : 4) }
    }

    /// Takes a line that it was sent: a secret that it is to write is one as well.
    func add(sent line: ArraySlice<UInt8>) {
        let limits = JSONParser.Limits(size: max(line.count, 1), depth: 64)
        let secret = (try? JSONParser.parse(line, limits: limits))?["arguments"]?["secret"]
        guard let secret else { return }
        mask.remember(secret)
        state.withLock { $0.keep(secret.strings.filter { $0.utf8.count >= Self.shortestStored }) }
    }

    /// Takes a line that is longer than a message may be.
    func addLongLine() {
        state.withLock { state in
            state.lines += 1
            if state.firstOdd == nil { state.firstOdd = "a line of more than \(SessionLimits().lineBytes) bytes" }
        }
    }

    /// The last lines on standard error since there were so many bytes, without keys.
    func lastWords(since count: Int) -> [String] {
        StandardErrorLog.lastLines(of: state.withLock { $0.errors[count...] }, mask: mask)
    }

    func add(errors bytes: ArraySlice<UInt8>) {
        state.withLock { $0.errors += bytes.prefix(Self.errorLimit - $0.errors.count) }
    }

    func checkLines() throws(ConformanceFault) -> String {
        let (odd, count) = state.withLock { ($0.firstOdd, $0.lines) }
        if let odd { throw .broken("it wrote what is not a message in strict JSON: \(odd)") }
        guard count > 0 else { throw .unclear("it wrote nothing") }
        return "all it wrote was strict JSON"
    }

    func checkSecrecy() throws(ConformanceFault) -> String {
        let state = state.withLock { $0 }
        guard !state.secrets.isEmpty else { throw .unclear("it returned no key") }
        let errors = String(decoding: state.errors, as: UTF8.self)
        if state.secrets.contains(where: errors.contains) { throw .broken("a key it returned is on standard error") }
        let isLeaked = state.texts.contains { text in state.secrets.contains(where: text.contains) }
        if isLeaked { throw .broken("a key it returned is also in a field that people see") }
        return "the keys it returned are in the results alone"
    }
}

/// Hands on everything that a plugin writes, line by line and marked by where it wrote it, to an author who asked for
/// that.
///
/// Nothing is hidden, keys neither.
final class OutputMirror: Sendable {
    /// Where a plugin writes.
    enum Stream: String, CaseIterable {
        case output = "stdout"
        case errors = "stderr"
    }

    /// A longer line is handed on in parts.
    private static let lineLimit = 1 << 20

    private let show: @Sendable (String) -> Void
    private let partial = Mutex<[Stream: [UInt8]]>([:])

    init(_ show: @escaping @Sendable (String) -> Void) {
        self.show = show
    }

    func take(_ bytes: ArraySlice<UInt8>, from stream: Stream) {
        let lines = partial.withLock { partial in
            var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
            pieces[0] = (partial[stream] ?? []) + pieces[0]
            let rest = pieces.removeLast()
            guard rest.count > Self.lineLimit else {
                partial[stream] = rest
                return pieces
            }
            partial[stream] = []
            return pieces + [rest]
        }
        for line in lines { hand(on: line, stream) }
    }

    /// Hands on lines without an end; nothing more will come.
    func finish() {
        let rest = partial.withLock { partial in
            defer { partial = [:] }
            return partial
        }
        for stream in Stream.allCases { if let line = rest[stream], !line.isEmpty { hand(on: line, stream) } }
    }

    private func hand(on line: [UInt8], _ stream: Stream) {
        show("[\(stream.rawValue)] \(String(decoding: line, as: UTF8.self))")
    }
}
