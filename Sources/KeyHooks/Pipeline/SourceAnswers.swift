import ExtensionHooks
import Synchronization

/// What a source says to one request, ready to be given again.
///
/// What is seldom is out of line, so that to copy a key costs no more than a reference.
enum SourceAnswer: Sendable {
    case answer(KeyAnswer)
    indirect case skip(SkippedSource)
    case proceed
    indirect case rewritten(Service)

    /// Whether it is a key.
    var isKey: Bool { if case .answer(.found) = self { true } else { false } }

    /// The same in an object of its own, for one group of threads.
    var unshared: SourceAnswer { if case .answer(let answer) = self { .answer(answer.unshared) } else { self } }

    /// Does to a call what it says.
    func give(to call: inout StartCall<KeyRequest, KeyAnswer>) {
        switch self {
        case .answer(let answer): call.result = .success(answer)
        case .skip(let source): call.arguments.skipped.append(source)
        case .proceed: break
        case .rewritten(let service): call.arguments.service = service
        }
    }
}

/// Answers of one source, kept as long as the readings they were picked from are good.
///
/// Not generic over the source, so that a kept key costs the same whatever source it is from.
typealias AnswerMemo = ThreadMemo<KeyRequest.Question, SourceAnswer>

extension AnswerMemo {
    /// Answers a call if the answer is kept.
    func answer(_ call: inout StartCall<KeyRequest, KeyAnswer>) -> Bool {
        guard let question = call.arguments.question, let answer = value(for: question) else { return false }
        answer.give(to: &call)
        return true
    }

    func keep(_ answer: SourceAnswer, to request: KeyRequest, _ ticket: CacheTicket?) {
        guard let ticket, let question = request.question else { return }
        keep(answer.unshared, for: question, ticket)
    }
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
