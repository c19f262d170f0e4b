import HTTPTransport
import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// A reply of the proxy, read as far as deciding needs it.
///
/// Its texts may quote what was sent, a key among it (`param` of an error does), so they are compared and never shown.
struct LiteLLMReply: Sendable {
    let status: Int
    let headers: [String: String]

    /// Nil if the body isn't JSON.
    let json: JSONNode?

    init(_ response: HTTPTransportResponse) {
        (status, headers) = (response.status, response.headers)
        let isJSON = response.body.first { $0 > 0x20 }.map { "{[".utf8.contains($0) } == true
        let limits = JSONParser.Limits(size: LiteLLMClient.bodyLimit)
        json = isJSON ? try? JSONParser.parse(response.body, syntax: .jsonKeepingNumbers, limits: limits) : nil
    }

    var isSuccess: Bool { (200...299).contains(status) && json != nil }

    /// How long it asks to be left alone.
    func retryAfter(now: Date) -> Duration? { ServerDate.retryAfter(headers, now: now) }
}

extension LiteLLMReply {
    /// What the proxy refuses, told apart by its own words in LiteLLM 1.108.
    enum Refusal: Hashable, Sendable {
        case noDatabase, adminKey, notAdmin, licence, budget, customKeys, alias, team, user, organization, model

        /// A key that isn't there, and a path that isn't: nothing can be said of keys then.
        case unknown, noRoute

        /// A member that is above the proxy's `upperbound_key_generate_params`.
        case bound(member: String?)

        /// A member that it doesn't take as it is.
        case invalid(member: String?)
    }

    /// The error's `type`.
    private var type: String { json?["error"]?["type"]?.string ?? "" }

    /// The error's text, wherever one of its five shapes has it.
    private var message: String {
        json?["error"]?["message"]?.string ?? json?["error"]?["message"]?["error"]?.string ?? json?["error"]?.string
            ?? json?["detail"]?["error"]?.string ?? json?["detail"]?.string ?? ""
    }

    /// Whether the proxy itself says this, and not something in front of it.
    ///
    /// It answers with a JSON object that has `error` or `detail`, but for a failure it didn't expect.
    var isOwn: Bool {
        if isSuccess { return true }
        return json?["error"] != nil || json?["detail"] != nil
    }

    /// What it refuses; nil where it doesn't say that it refuses anything, so that it may have been done.
    ///
    /// The status alone says little: the proxy answers 500 to an organisation that it doesn't know, and 422 or 429 where a
    /// budget is spent.
    ///
    /// - Parameter members: The members that were sent, of which one may be named.
    /// - Returns: The refusal.
    func refusal(of members: [String] = []) -> Refusal? {
        guard isOwn, !isSuccess else { return nil }
        let message = message.lowercased()
        func says(_ words: String...) -> Bool { words.contains { message.contains($0) } }
        func misses(_ thing: String) -> Bool {
            says(thing) && says("not found", "doesn't exist", "does not exist", "not exist in db", "unable to find")
        }
        // Whatever the key is.
        if type == "no_db_connection"
            || says("no connected db", "not connected to db", "database not connected", "db not connected")
        {
            return .noDatabase
        }
        if type == "budget_exceeded" || says("budget has been exceeded") { return .budget }
        if says("litellm enterprise", "enterprise license", "enterprise feature", "premium user") { return .licence }
        if says("custom api key values are disabled") { return .customKeys }
        if status == 400, says("with alias"), says("already exists") { return .alias }
        if says("only proxy admin", "not allowed to call this route") { return .notAdmin }
        if status == 401 { return .adminKey }
        if says("is over max limit") {
            let bound = members.filter { says("\($0) is over max limit") }.max { $0.utf8.count < $1.utf8.count }
            return .bound(member: bound)
        }
        if misses("organization") { return .organization }
        if misses("team") { return .team }
        if misses("user") { return .user }
        if misses("project") { return .invalid(member: "project_id") }
        if type.hasSuffix("model_access_denied") { return .model }
        return switch status {
        case 403: .notAdmin
        // Anything else may be what stands in front of the proxy, which says nothing of keys.
        case 404: says("key not found", "no keys found") ? .unknown : .noRoute
        case 408, 429: nil
        case 400...499: .invalid(member: named(among: members))
        default: nil
        }
    }

    /// The member that a validation error is about, if it is one that was sent.
    private func named(among members: [String]) -> String? {
        let places = json?["detail"]?.elements?.flatMap { $0["loc"]?.elements?.compactMap(\.string) ?? [] } ?? []
        return places.first(where: members.contains)
    }
}

extension LiteLLMReply: CustomReflectable {
    /// Leaves the body out: it may hold a key.
    var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}
