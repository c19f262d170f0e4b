import Synchronization

/// Which requests led to the locations that were read lately, to find those that may hold the key of a service.
final class AskedLocations<Place: Hashable & Sendable>: Sendable {
    private let requests: Mutex<RecentMap<Place, [KeyRequest]>>

    /// Resolvers with other rules, or other scopes, may find other services in the same location.
    private static var limit: Int { 16 }

    /// Scopes may come from outside, so the number of locations is bounded.
    init(capacity: Int) {
        requests = Mutex(RecentMap(capacity: capacity))
    }

    /// Notes a request, unless one that is known tells as much.
    func note(_ request: KeyRequest, at place: Place, _ leadsThere: (KeyRequest) -> Bool) {
        guard isKnown(request.service, at: place, leadsThere) != true else { return }
        requests.withLock { requests in
            requests.set((requests.value(for: place) ?? []) + [request.withoutHistory], for: place)
        }
    }

    /// Whether a request for a service that is like one of those that led to a location would lead there too; nil if they
    /// are forgotten.
    func isKnown(_ service: Service, at place: Place, _ leadsThere: (KeyRequest) -> Bool) -> Bool? {
        guard let known = requests.withLock({ $0.value(for: place) }) else { return nil }
        return known.count >= Self.limit || known.contains { $0.service == service }
            || known.contains { request in
                var request = request
                request.service = service
                return leadsThere(request)
            }
    }
}
