import Synchronization

/// Which requests led to the locations that were read lately, to find those that may hold the key of a service.
final class AskedLocations<Place: Hashable & Sendable>: Sendable {
    private let requests: Mutex<RecentMap<Place, KeyRequest>>

    /// Scopes may come from outside, so the number of locations is bounded.
    init(capacity: Int) {
        requests = Mutex(RecentMap(capacity: capacity))
    }

    func note(_ request: KeyRequest, at place: Place) {
        requests.withLock { requests in
            if requests.value(for: place) == nil { requests.set(request.withoutHistory, for: place) }
        }
    }

    /// A request for another service that would be like the one that led to a location; nil if that is forgotten.
    func request(for service: Service, at place: Place) -> KeyRequest? {
        guard var request = requests.withLock({ $0.value(for: place) }) else { return nil }
        request.service = service
        return request
    }
}
