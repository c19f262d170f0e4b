import KeyHooks
import KeyHooksTesting
import Synchronization
import Testing

/// The code of the article about leases; the source is run.
@Suite("The examples of leases") struct LeaseExamples {
    @Test("What is lent is given back when the program ends")
    func ends() async throws {
        try await withTemporaryFolder { folder in
            let shop = Shop()
            try register(shop, in: HookRegistry())
            let registry = HookRegistry()
            var settings = SourceSettings()
            settings.leases.journal = "\(folder.path)/leases"
            try registry.register { [settings] hooks in
                hooks.answer(from: TokenShop(shop: shop), id: "shop", settings: settings)
            }
            let resolver = try KeyResolver(registry: registry, environment: [:])
            try await Self.use(resolver)
            #expect(shop.sold == 1 && shop.taken == 1)
        }
    }

    private static func use(_ resolver: KeyResolver) async throws {
        let key = try await resolver.requireAPIKey(service: "openai")
        if let lease = key.provenance?.lease { print("lent until \(lease.endsAt)") }
        await resolver.shutdown(within: .seconds(5))
    }
}

private func register(_ shop: Shop, in registry: HookRegistry) throws {
    var settings = SourceSettings()
    settings.leases = LeaseSettings(idle: .seconds(300))
    try registry.register { [settings] hooks in
        hooks.answer(from: TokenShop(shop: shop), id: "token-shop", settings: settings)
    }
}

/// What the source in the article is over.
private final class Shop: Sendable {
    let host = "shop.example.org"
    private let state = Mutex((sold: 0, taken: 0))

    var sold: Int { state.withLock(\.sold) }
    var taken: Int { state.withLock(\.taken) }

    func sell(_ product: String, note: String, seconds: Int) async throws -> (token: String, number: String) {
        state.withLock { $0.sold += 1 }
        return ("token-for-\(product)", "sale-1")
    }

    func prolong(_ number: String) async throws -> Int? { 3_600 }

    func take(back number: String?, orNoted mark: String) async throws { state.withLock { $0.taken += 1 } }
}

private struct TokenShop: LeasingSource {
    typealias Reading = SourceReading<String>

    let shop: Shop
    var lender: String { "token shop at \(shop.host)" }

    func location(for request: KeyRequest) -> String? { request.service.id }

    func lend(_ product: String, as record: LeaseRecord) async throws -> SourceReading<String> {
        // The mark finds the loan again where the answer was lost.
        let sale = try await shop.sell(product, note: record.mark, seconds: 3_600)
        return .lent(sale.token, under: KeyLease(id: sale.number, life: .seconds(3_600), isRenewable: true))
    }

    func renew(_ lease: KeyLease, of product: String) async throws -> KeyLease? {
        guard let seconds = try await shop.prolong(lease.id) else { return nil }
        var renewed = lease
        renewed.life = .seconds(seconds)
        return renewed
    }

    func giveBack(_ record: LeaseRecord) async throws {
        try await shop.take(back: record.id, orNoted: record.mark)
    }
}
