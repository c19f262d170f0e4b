import JSON5Syntax
import KeyHooks
import ServerSettings

extension VirtualKeyRole {
    /// Reads a role; what is wrong is in the reader.
    init(from reader: inout JSONObjectReader, named name: String) {
        self.init()
        models = reader.stringArray("models") ?? []
        aliases = reader.read("aliases") { $0.names() } ?? [:]
        maxBudget = reader.read("maxBudget") { $0.amount() }
        softBudget = reader.read("softBudget") { $0.amount() }
        budgetDuration = reader.read("budgetDuration") { reader in
            reader.text(#"expected a number and s, m, h, d, w or mo, such as "30d""#) { Self.isPeriod($0) ? $0 : nil }
        }
        tpmLimit = reader.int("tpmLimit", in: 0...Int.max)
        rpmLimit = reader.int("rpmLimit", in: 0...Int.max)
        maxParallelRequests = reader.int("maxParallelRequests", in: 0...Int.max)
        metadata = reader.read("metadata") { $0.settings() } ?? [:]
        if metadata.keys.contains(where: { $0.hasPrefix("keyhooks_") }) {
            reader.reject("metadata", "names that begin with 'keyhooks_' are written by KeyHooks: use others")
        }
        tags = reader.stringArray("tags") ?? []
        guardrails = reader.stringArray("guardrails") ?? []
        permissions = reader.read("permissions") { $0.settings() } ?? [:]
        userID = reader.read("userID") { $0.template("userID", role: name) }
        teamID = reader.read("teamID") { $0.template("teamID", role: name) }
        organizationID = reader.read("organizationID") { $0.template("organizationID", role: name) }
        alias = reader.read("alias") { $0.template("alias", role: name) }
        readLife(from: &reader)
        request = reader.read("request") { $0.settings() } ?? [:]
        for name in request.keys.sorted() {
            guard let own = Self.reserved[name] else { continue }
            let remedy = own.isEmpty ? "take it out" : "write it as '\(own)' in the role"
            reader.reject("request", "'\(name)' isn't for here: \(remedy)")
        }
    }

    private mutating func readLife(from reader: inout JSONObjectReader) {
        let isNamed = (reader.value("duration") != nil, reader.value("maximum") != nil)
        if let duration = reader.duration("duration") {
            self.duration = duration
            maximum = max(maximum, duration)
        }
        if duration < Self.shortest { reader.reject("duration", "expected 10 seconds or more") }
        if let maximum = reader.duration("maximum") { self.maximum = maximum }
        for (name, time) in [("duration", duration), ("maximum", maximum)]
        where time > Self.longest && reader.names.contains(name) {
            reader.reject(name, "expected ten years (3650d) or less")
        }
        if isNamed.1, maximum < duration {
            reader.reject("maximum", "is less than 'duration': write how long a key lasts in all")
        }
        staticPeriod = reader.duration("static")
        if let staticPeriod, staticPeriod < .seconds(60) { reader.reject("static", "expected one minute or more") }
        if let staticPeriod, staticPeriod > Self.longest {
            reader.reject("static", "expected ten years (3650d) or less")
        }
        guard reader.value("static") != nil else { return }
        if isNamed.0 { reader.reject("duration", "a static key lasts as long as 'static' says: use either") }
        if isNamed.1 { reader.reject("maximum", "a static key lasts as long as 'static' says: use either") }
    }
}

extension JSONValueReader {
    /// An amount of money.
    fileprivate mutating func amount() -> Double? {
        guard let amount = double() else { return nil }
        if amount < 0 { reject("expected 0 or more, in US dollars") }
        return amount
    }

    /// Texts by free names.
    fileprivate mutating func names() -> [String: String]? {
        map { $1.string() }.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
    }

    /// Values of any kind by free names.
    fileprivate mutating func settings() -> [String: PluginSetting]? {
        map { PluginSetting($1.node) }.map { Dictionary($0.map { ($0.name, $0.value) }) { first, _ in first } }
    }

    /// A text with parts of the request in it.
    fileprivate mutating func template(_ setting: String, role: String) -> String? {
        checked { _ = try IdentityTemplate($0, setting: "'\(setting)'", role: role) }
    }
}
