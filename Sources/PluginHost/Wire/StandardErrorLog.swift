package import ExtensionHooks
import Synchronization

/// What a plugin writes for people, made safe to show and handed on line by line.
///
/// A line may have the very key in it that the plugin is about to return, so lines wait while an answer is due: what
/// was answered is hidden for certain. A plugin that may ask a person cannot be kept waiting for one.
package final class StandardErrorLog: Sendable {
    /// A longer line is cut.
    static let lineLimit = 2000
    /// What one process may write before the rest is left out; it is read all the same.
    static let totalLimit = 256 << 10
    /// How long a line of a session waits for an answer that is due.
    static let patience = Duration.milliseconds(200)
    private static let keptLines = 5
    /// How much of each of the last lines an error repeats.
    static let repeatedLimit = 200

    /// When lines are handed on.
    package enum Holding: Sendable {
        /// As they come; with every doubtful word hidden while an answer is due.
        case never(_ isDue: @Sendable () -> Bool)
        /// Once it is known what was answered, or that nothing was; ``release(hasKey:)`` says so.
        case untilReleased
        /// As they come, but those that come while an answer is due with it, or after ``patience``.
        case whileDue(AnyClock, @Sendable () -> Bool)
    }

    fileprivate struct State {
        var line: [UInt8] = []
        var isCut = false
        var total = 0
        /// Lines to be handed on, not masked yet; no more than ``totalLimit``.
        var waiting: [String] = []
        var isReleased = false
        /// Whether every answer of the process so far was a key; nil before the first.
        ///
        /// After any other answer, and before the first, a line may have a key in it that the mask doesn't know.
        var hadKeys: Bool?
        /// Wakes those that have waited long enough.
        var watch: Task<Void, Never>?
        var latest: [String] = []
    }

    private let id: String
    private let mask: SecretRedactor
    private let holding: Holding
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// Held while lines are handed on, so that they stay in order.
    private let turn = Mutex(())

    package init(
        id: String,
        mask: SecretRedactor,
        holding: Holding = .never { false },
        log: @escaping @Sendable (String) -> Void
    ) {
        self.id = id
        self.mask = mask
        self.holding = holding
        self.log = log
    }

    /// The last lines, as they may be shown of a plugin that has ended without an answer.
    var latest: [String] { state.withLock(\.latest).map(mask.maskCarefully) }

    package func take(_ bytes: ArraySlice<UInt8>) {
        let isComplete = state.withLock { state in
            var isComplete = false
            for byte in bytes {
                if byte == UInt8(ascii: "\n") {
                    state.finishLine()
                    isComplete = true
                } else if state.line.count < Self.lineLimit {
                    state.line.append(byte)
                } else {
                    state.isCut = true
                }
            }
            return isComplete
        }
        if isComplete { handOnOrWait() }
    }

    /// Takes a last line without an end; no more will come.
    func endLine() { state.withLock { if !$0.line.isEmpty { $0.finishLine() } } }

    /// Takes a last line without an end, and hands on what has waited unless somebody will release it.
    package func finish() {
        endLine()
        switch holding {
        case .never(let isDue), .whileDue(_, let isDue): handOn(isDue: isDue())
        case .untilReleased: break
        }
    }

    /// Hands on what has waited, and from now on what comes.
    ///
    /// - Parameter hasKey: Whether the plugin has returned a key, which the mask knows.
    package func release(hasKey: Bool) {
        noteAnswer(hasKey: hasKey)
        state.withLock { $0.isReleased = true }
        handOn(isDue: false)
    }

    /// Leaves out of what has waited the last lines, which the error of a plugin that has ended repeats.
    func dropLatest() {
        state.withLock { state in
            // Of one that wrote more than is shown the last lines do not wait, and a long one the error cuts.
            let isWhole = state.latest.allSatisfy { $0.unicodeScalars.count <= Self.repeatedLimit }
            guard state.total <= Self.totalLimit, isWhole else { return }
            state.waiting.removeLast(min(state.waiting.count, state.latest.count))
        }
    }

    /// Takes note of an answer, or that none will come.
    ///
    /// One without a key counts for as long as the process lives: what it wrote beside it may be read much later.
    package func noteAnswer(hasKey: Bool) {
        state.withLock { $0.hadKeys = hasKey && $0.hadKeys != false }
    }

    /// Hands on what has waited for an answer that has come.
    func answered() { handOn(isDue: false) }

    private func handOnOrWait() {
        switch holding {
        case .never(let isDue): handOn(isDue: isDue())
        case .untilReleased: if state.withLock(\.isReleased) { handOn(isDue: false) }
        case .whileDue(let clock, let isDue): if isDue() { wait(clock) } else { handOn(isDue: false) }
        }
    }

    private func wait(_ clock: AnyClock) {
        state.withLock { state in
            guard state.watch == nil else { return }
            state.watch = Task.detached { [weak self] in
                try? await clock.sleep(Self.patience)
                if !Task.isCancelled { self?.handOn(isDue: true) }
            }
        }
    }

    private func handOn(isDue: Bool) {
        turn.withLock { _ in
            let (lines, isKnown) = state.withLock { state in
                state.watch?.cancel()
                state.watch = nil
                defer { state.waiting = [] }
                return (state.waiting, state.hadKeys == true && !isDue)
            }
            for line in lines { log("\(id): \(isKnown ? mask.mask(line) : mask.maskCarefully(line))") }
        }
    }
}

extension StandardErrorLog.State {
    fileprivate mutating func finishLine() {
        let text = StandardErrorLog.readable(line, isCut: isCut)
        let before = total
        total += line.count + 1
        line = []
        isCut = false
        latest.append(text)
        if latest.count > StandardErrorLog.keptLines { latest.removeFirst() }
        if total <= StandardErrorLog.totalLimit {
            waiting.append(text)
        } else if before <= StandardErrorLog.totalLimit {
            waiting.append("(it writes more than is shown)")
        }
    }
}

extension StandardErrorLog {
    fileprivate static func readable(_ bytes: [UInt8], isCut: Bool) -> String {
        let text = TerminalText.clean(String(decoding: bytes, as: UTF8.self), limit: lineLimit)
        // The last word of a line that was cut may be half a key that nothing recognises.
        return isCut ? String(text[..<(text.lastIndex(of: " ") ?? text.startIndex)]) + " …" : text
    }

    /// The last lines of what several processes of a plugin wrote, as they may be shown; what they all say stands there
    /// once.
    package static func lastLines(of bytes: ArraySlice<UInt8>, mask: SecretRedactor) -> [String] {
        var lines: [String] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")).reversed() where lines.count < keptLines {
            let text = readable(Array(line.prefix(lineLimit)), isCut: line.count > lineLimit)
            if !lines.contains(text) { lines.append(text) }
        }
        return lines.reversed().map(mask.maskCarefully)
    }
}
