package import JSON5Syntax
import KeyHooks
package import LightFoundation

/// What a plugin answered; `not-found` and `not-mine` are answers and no faults.
package enum PluginAnswer: Sendable {
    /// The next in the chain is asked, with other arguments if there are any.
    case proceed(arguments: JSONNode?)
    /// The function's result.
    case finish(PluginResult)
    /// At the end: the outcome stays.
    case keep
    /// At the end: another outcome.
    case replace(outcome: JSONNode)
    /// It is the plugin's to know, and it does not exist; cached only if the plugin says how long.
    case notFound(cache: PluginCacheHint?)
    /// It is not the plugin's to know, for as long as the session lasts.
    case notMine

    /// What the plugin returned that nobody but the caller may see.
    var secret: JSONNode? {
        switch self {
        case .finish(let result): result.value
        case .replace(let outcome): outcome
        case .proceed, .keep, .notFound, .notMine: nil
        }
    }

    /// Whether the plugin returned a key, which the mask hides from then on.
    ///
    /// With any other answer it isn't known which key the plugin had in its hands.
    package var hasKey: Bool { secret.map(SecretRedactor.hasKey) ?? false }

    /// What a resolver warns of in the key that the plugin returned, for its author; each in one line without the key.
    package var keyWarnings: [String] {
        guard let key = secret?["key"]?.string else { return [] }
        return KeyDoubt.doubts(about: key).map { $0.message(about: "its key") }
    }
}

/// A result with what the plugin says about it.
package struct PluginResult: Sendable {
    /// As it came, such as `{"key": "…"}`; it prints no value.
    package let value: JSONNode
    let cache: PluginCacheHint?
    /// Where the plugin has it from, cleaned for people.
    var source: String?
    var version: String?
}

/// How long an answer may be kept.
package struct PluginCacheHint: Hashable, Sendable {
    let timeToLive: Duration?
    package let expiresAt: Date?
}

extension PluginCacheHint {
    /// Reads `{"ttl_ms": …, "expires_at": …}`; nil when there is none.
    package init?(_ node: JSONNode?) {
        guard let node, node.members != nil else { return nil }
        timeToLive = node["ttl_ms"]?.milliseconds
        expiresAt = node["expires_at"]?.string
            .flatMap { text in
                (try? Date(text, strategy: .iso8601))
                    ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            }
    }
}

extension JSONNode {
    /// A number as a duration; nil for anything else and for numbers below zero or beyond a century.
    var milliseconds: Duration? {
        guard case .number(let number) = kind, (0...3.2e12).contains(number.double) else { return nil }
        return .milliseconds(number.double)
    }
}
