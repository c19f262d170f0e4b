import ExtensionHooks
import Synchronization

/// What a source says to one request, ready to be given again.
enum SourceAnswer: Sendable {
    case key(APIKey)
    case notRequired
    case skip(place: String, reason: String, remedy: String, isUsual: Bool)
    case proceed
    case rewritten(Service)

    /// The same in an object of its own, for one group of threads.
    var unshared: SourceAnswer { if case .key(let key) = self { .key(key.unshared) } else { self } }

    /// Does to a call what it says.
    func give(to call: inout StartCall<KeyRequest, KeyAnswer>) {
        switch self {
        case .key(let key): call.result = .success(.found(key))
        case .notRequired: call.result = .success(.notRequired)
        case .skip(let place, let reason, let remedy, let isUsual):
            call.skip(place, reason: reason, remedy: remedy, isUsual: isUsual)
        case .proceed: break
        case .rewritten(let service): call.arguments.service = service
        }
    }
}

/// Answers of one source, kept for each group of threads as long as the readings they were picked from are good.
///
/// Not generic over the source, so that a kept key costs the same whatever source it is from.
final class AnswerMemo: Sendable {
    private let answers: ThreadMemo<KeyRequest.Question, SourceAnswer>
    private let tickets: CacheTickets

    init(capacity: Int, _ tickets: CacheTickets) {
        answers = ThreadMemo(capacity: capacity)
        self.tickets = tickets
    }

    func answer(to request: KeyRequest) -> SourceAnswer? {
        guard let question = request.question else { return nil }
        return answers.value(for: question, in: tickets)
    }

    func keep(_ answer: SourceAnswer, to request: KeyRequest, _ ticket: CacheTicket?) {
        guard let ticket, let question = request.question else { return }
        answers.keep(answer.unshared, for: question, ticket)
    }

    func removeAll() { answers.removeAll() }

    /// How many answers were given.
    var hits: Int { answers.hits }
}

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

    /// Whether a request for a service that is like one of those that led to a location would lead there too; nil if
    /// they are forgotten.
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
