import KeyHooks

/// What the documentation says of a cache, as simply as it can be said: one operation after another.
///
/// Times are whole seconds. A value is stale for the last quarter of its life.
struct CacheModel {
    struct Kept {
        var value: String
        var isAbsence: Bool
        var readAt: Int
        var life: Int
        var end: Int
    }

    struct Failed {
        var error: String
        var isPassing: Bool
        var count: Int
        var retryAt: Int
    }

    enum Answer {
        case value(lifetime: Int?)
        case absence
        case passing(retryAfter: Int?)
        case final
    }

    let timeToLive = 40
    let negativeTimeToLive = 12
    let grace = 20
    let backoff = 2...16
    let capacity: Int

    var now = 0
    var kept: [String: Kept] = [:]
    var failed: [String: Failed] = [:]
    /// When each key that has a value or a failure was last used.
    var uses: [String: Int] = [:]
    var loads = 0
    private var clockOfUses = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    func state(of kept: Kept) -> CacheEntryState {
        let age = now - kept.readAt
        if age >= kept.end { return .dead }
        if age >= kept.life { return .expired }
        // Four times, so that all numbers are whole.
        return !kept.isAbsence && 4 * age >= 3 * kept.life ? .stale : .fresh
    }

    /// What a read comes to, if the source is in the given mood; any refresh is over when it returns.
    mutating func read(_ key: String, maximumAge: Int?, _ answer: Answer) -> String {
        let isWindow = failed[key].map { now < $0.retryAt } ?? false
        if let value = kept[key], maximumAge.map({ now - value.readAt < $0 }) ?? true {
            let state = state(of: value)
            let text = "\(value.isAbsence ? "absence" : value.value) \(state)"
            switch state {
            case .fresh:
                use(key)
                return text
            case .stale:
                use(key)
                if !isWindow { load(key, answer) }
                return text
            case .expired where failed[key]?.isPassing == true && !value.isAbsence:
                use(key)
                if !isWindow { load(key, answer) }
                return text
            case .expired: break
            case .dead: forgetDead(key)
            }
        }
        if isWindow, let failure = failed[key] { return failure.error }
        load(key, answer)
        if let failure = failed[key] {
            guard failure.isPassing, let value = kept[key], !value.isAbsence else { return failure.error }
            guard maximumAge.map({ now - value.readAt < $0 }) ?? true else { return failure.error }
            return "\(value.value) \(state(of: value))"
        }
        if case .absence = answer { return "absence fresh" }
        return "\(key)\(loads) fresh"
    }

    /// Asks the source.
    private mutating func load(_ key: String, _ answer: Answer) {
        loads += 1
        let count = (failed[key]?.count ?? 0) + 1
        switch answer {
        case .value(let lifetime):
            failed[key] = nil
            let life = min(timeToLive, lifetime ?? timeToLive)
            let end = min(life + grace, lifetime ?? life + grace)
            keep(key, Kept(value: "\(key)\(loads)", isAbsence: false, readAt: now, life: life, end: end))
        case .absence:
            failed[key] = nil
            let life = negativeTimeToLive
            keep(key, Kept(value: "", isAbsence: true, readAt: now, life: life, end: life))
        case .passing(let retryAfter):
            if kept[key]?.isAbsence == true { kept[key] = nil }
            let doubled = min(backoff.lowerBound << min(count - 1, 10), backoff.upperBound)
            let window = min(max(doubled, retryAfter ?? 0), backoff.upperBound)
            failed[key] = Failed(error: "unavailable", isPassing: true, count: count, retryAt: now + window)
            use(key)
            trim()
        case .final:
            if var value = kept[key], !value.isAbsence, now - value.readAt < value.life {
                value.end = min(value.end, value.life)
                kept[key] = value
            } else {
                kept[key] = nil
            }
            let retryAt = now + backoff.lowerBound
            failed[key] = Failed(error: "denied", isPassing: false, count: count, retryAt: retryAt)
            use(key)
            trim()
        }
    }

    private mutating func keep(_ key: String, _ value: Kept) {
        kept[key] = value.life > 0 ? value : nil
        guard value.life > 0 else {
            uses[key] = nil
            trim()
            return
        }
        use(key)
        trim()
    }

    mutating func forget(where isPicked: (String) -> Bool) {
        for key in uses.keys.filter(isPicked) { (kept[key], failed[key], uses[key]) = (nil, nil, nil) }
    }

    private mutating func use(_ key: String) {
        clockOfUses += 1
        uses[key] = clockOfUses
    }

    private mutating func forgetDead(_ key: String) {
        guard let value = kept[key], state(of: value) == .dead else { return }
        kept[key] = nil
        if failed[key] == nil { uses[key] = nil }
    }

    private mutating func trim() {
        for key in kept.keys { forgetDead(key) }
        while uses.count > capacity, let oldest = uses.min(by: { $0.value < $1.value })?.key { forget { $0 == oldest } }
    }
}
