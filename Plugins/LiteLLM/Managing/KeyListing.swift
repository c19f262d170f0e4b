import JSON5Syntax
package import KeyHooks
import LightFoundation
import ServerSettings

extension LiteLLMAdministration {
    /// All keys that the admin key sees, in the order in which they were made.
    ///
    /// - Throws: A `KeyResolutionError`, also where the proxy answers with something else than keys.
    package func list() async throws(KeyResolutionError) -> [ListedKey] {
        do { return try await KeyListing(client: client).all() } catch { throw Self.known(error) }
    }
}

/// Reads the proxy's list of keys, page by page.
struct KeyListing: Sendable {
    let client: LiteLLMClient

    /// The most that LiteLLM gives at once.
    private static let size = 100

    /// How many pages are read at the most: the proxy's word alone doesn't end it.
    private static let pages = 10_000

    func all() async throws -> [ListedKey] {
        var found: [ListedKey] = []
        var seen: Set<String> = []
        for number in 1...Self.pages {
            let (listed, pages) = try await page(number)
            let before = found.count
            // What is taken away meanwhile moves the pages.
            for key in listed where seen.insert(key.hash).inserted { found.append(key) }
            // A page with nothing new is what a proxy gives that doesn't mind which one was asked for.
            guard found.count > before, pages.map({ number < $0 }) ?? (listed.count >= Self.size) else { return found }
        }
        throw unreadable("more than \(Self.pages) pages of keys")
    }

    private func page(_ number: Int) async throws -> (keys: [ListedKey], pages: Int?) {
        let query = "page=\(number)&size=\(Self.size)&return_full_object=true&sort_by=created_at&sort_order=asc"
        let request = LiteLLMRequest(path: "/key/list?\(query)", doing: "listing keys")
        let reply = try await client.send(request, by: client.deadline)
        guard let elements = reply.json?["keys"]?.elements else { throw unreadable("no list of keys") }
        let now = client.clock.date()
        let keys = elements.map { ListedKey($0, now: now) }
        // A list of which some can't be read must not look like one without them.
        guard keys.allSatisfy({ !$0.hash.isEmpty }) else { throw unreadable("keys without their hashes") }
        return (keys, reply.json?["total_pages"]?.wholeNumber)
    }

    private func unreadable(_ what: String) -> KeyResolutionError {
        KeyResolutionError(
            .unavailable,
            "the list of keys of \(client.address.shown) can't be read: it has \(what)",
            remedy: "check 'url', and the version of the proxy: KeyHooks knows /key/list of LiteLLM 1.108"
        )
    }
}
