import JSON5Syntax
import KeyHooks
import PluginHost
import Synchronization

/// All that the processes of one check wrote, for the rules that look at the whole.
final class ConformanceTranscript: Sendable {
    private struct State {
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

    private let state = Mutex(State())
    private let mask = SecretRedactor()
    /// Shows everything to an author who asked for that.
    let mirror: OutputMirror?

    init(_ launch: PluginLaunch? = nil, mirror: OutputMirror? = nil) {
        self.mirror = mirror
        if let launch {
            mask.remember(environment: launch.environment)
            mask.remember(configuration: launch.configuration)
        }
    }

    /// How much of standard error is kept.
    var errorCount: Int { state.withLock { $0.errors.count } }

    /// Takes a line of standard output, or all of a one-shot plugin's.
    func add(output line: ArraySlice<UInt8>) {
        let odd = Self.fault(in: line)
        let node = try? JSONParser.parse(line, limits: JSONParser.Limits(size: max(line.count, 1), depth: 64))
        let secrets = node.map { node in [node["ok"]?["result"], node["ok"]?["outcome"]].compactMap(\.self) } ?? []
        for secret in secrets { mask.remember(secret) }
        state.withLock { state in
            state.lines += 1
            if state.firstOdd == nil { state.firstOdd = odd }
            guard let node else { return }
            for secret in secrets where state.secrets.count < Self.secretLimit { Self.collect(secret, &state.secrets) }
            for place in [node["ok"]?["provenance"], node["error"], node["message"]].compactMap(\.self) {
                var found: Set<String> = []
                Self.collect(place, &found)
                state.texts += found
            }
        }
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

    /// What is wrong with a line, for its author; nil if it is a message.
    private static func fault(in line: ArraySlice<UInt8>) -> String? {
        do throws(PluginMessage.Violation) {
            _ = try PluginMessage.node(of: line)
            return nil
        } catch {
            return error.words
        }
    }

    private static func collect(_ node: JSONNode, _ found: inout Set<String>) {
        switch node.kind {
        // A shorter one is part of ordinary texts.
        case .string(let text): if text.utf8.count >= 4 { found.insert(text) }
        case .array(let elements): for element in elements { collect(element, &found) }
        case .object(let members): for member in members { collect(member.value, &found) }
        case .null, .bool, .number: break
        }
    }
}
