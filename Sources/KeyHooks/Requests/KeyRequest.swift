/// What a resolver is asked for: the main key of a service, or a named field of one with several.
///
/// Two requests are equal if they ask for the same: service, field and scope. How fresh the answer must be, and which
/// sources were skipped so far, makes no difference.
public struct KeyRequest: Sendable {
    /// The service, as its canonical id.
    public var service: Service

    /// For whom the key is wanted.
    public var scope: KeyScope

    /// The sources that were asked and did not answer, in order; see
    /// ``ExtensionHooks/StartCall/skip(_:reason:remedy:isUsual:)``.
    public internal(set) var skipped: [SkippedSource] = []

    /// What the resolver adds; nil for a request that nobody made to a resolver.
    private var context: Context?

    /// What comes with a request and is seldom looked at; out of line, since a request is copied several times a call.
    ///
    /// A resolver has one of them for all calls that ask for a main key and say nothing of its age.
    final class Context: Sendable {
        let rules: ServiceRules?
        let isLimited: Bool
        let field: String?
        let maximumAge: Duration?

        init(rules: ServiceRules?, isLimited: Bool = false, field: String? = nil, maximumAge: Duration? = nil) {
            self.rules = rules
            self.isLimited = isLimited
            self.field = field
            self.maximumAge = maximumAge
        }

        /// The same for one call.
        func with(field: String?, maximumAge: Duration?) -> Context {
            Context(rules: rules, isLimited: isLimited, field: field, maximumAge: maximumAge)
        }

        /// The same as another object, for threads that are not to share a reference count.
        func copy() -> Context { with(field: field, maximumAge: maximumAge) }
    }

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - field: The field, such as `region`; nil for the main key.
    ///   - scope: For whom the key is wanted.
    public init(service: Service, field: String? = nil, scope: KeyScope = KeyScope()) {
        self.init(service: service, scope: scope, field.map { Context(rules: nil, field: $0) })
    }

    init(service: Service, scope: KeyScope, _ context: Context?) {
        self.service = service
        self.scope = scope
        self.context = context
    }
}

extension KeyRequest {
    /// The field, such as `region`; nil for the main key.
    ///
    /// A hook may name another field. That a main key is wanted does not change: setting nil, or a field where there
    /// was none, has no effect.
    public var field: String? {
        get { context?.field }
        set {
            guard let context, context.field != nil, let newValue else { return }
            self.context = context.with(field: newValue, maximumAge: context.maximumAge)
        }
    }

    /// The age from which a value that a source keeps will not do: zero for a call with `refresh`, nil for any age.
    ///
    /// A source without a cache takes no notice.
    public var maximumAge: Duration? { context?.maximumAge }

    /// What the configuration or the program says of the service under the scope's profile; nil for nothing.
    package var rule: ServiceRule? { context?.rules?.rule(of: service, under: scope.profile) }

    /// The variables of the main key, or of the field, in the order in which they are tried.
    ///
    /// A store that holds the keys of many services is likely to call its fields so, also where the configuration lets
    /// no variable answer.
    public var names: [String] {
        let definition = catalogue.definition(of: service)
        guard let field else {
            let own = definition.variables
            return (own.isEmpty ? ServiceCatalogue.standard.definition(of: service).variables : own).map(\.name)
        }
        return definition.fields[field]?.map(\.name) ?? []
    }

    /// The services that the resolver knows which asks.
    package var catalogue: ServiceCatalogue { rules?.catalogue ?? .standard }

    /// The rules of the resolver that asks.
    package var rules: ServiceRules? { context?.rules }

    /// Whether only the plugins are asked that the user named for the service.
    package var isLimited: Bool { context?.isLimited ?? false }

    /// The request for the main key, however fresh: what one read brings for all of them.
    var withoutField: KeyRequest {
        var request = withoutHistory
        if field != nil || maximumAge != nil { request.context = context?.with(field: nil, maximumAge: nil) }
        return request
    }

    /// The request as it was before any source was skipped.
    var withoutHistory: KeyRequest { KeyRequest(service: service, scope: scope, context) }

    /// The same for other call sites.
    func with(_ sites: KeyCallSites) -> KeyRequest {
        var request = self
        request.context = sites.context(field: field, maximumAge: maximumAge)
        return request
    }
}

extension KeyRequest {
    /// A request under the rules and names of one resolver at one time: what is compared often, taken out of the
    /// context.
    struct Question: Hashable, Sendable {
        fileprivate let service: Service
        fileprivate let scope: KeyScope
        fileprivate let field: String?

        /// A number in place of the rules, since to keep an object costs two counts of its references.
        fileprivate let rules: UInt64

        func hash(into hasher: inout Hasher) {
            hasher.combine(service)
            hasher.combine(scope)
            if let field { hasher.combine(field) }
        }
    }

    /// What an earlier answer may be found by; nil if none will do, or if it would take much to keep.
    var question: Question? {
        // Names may come from outside, so what is kept for each is bounded.
        guard scope.byteCount <= 1024 else { return nil }
        guard context?.maximumAge == nil else { return nil }
        return Question(service: service, scope: scope, field: context?.field, rules: context?.rules?.number ?? 0)
    }
}

extension KeyRequest: Hashable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func == (left: KeyRequest, right: KeyRequest) -> Bool {
        left.service == right.service && left.scope == right.scope && left.field == right.field
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public func hash(into hasher: inout Hasher) {
        hasher.combine(service)
        hasher.combine(scope)
        if let field { hasher.combine(field) }
    }
}
