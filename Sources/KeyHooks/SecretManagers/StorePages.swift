/// How far a store's pages were read.
///
/// A store that names a page again, or whose pages are empty, would never end: the first ends them, and the second is a
/// fault.
struct StorePages: Sendable {
    /// Where to go on; nil before the first page.
    private(set) var next: String?
    private(set) var haveEnded = false

    private var seen: Set<String> = []
    private var emptyPages = 0

    /// Notes what a page said.
    ///
    /// - Parameters:
    ///   - page: Where to go on, as the page says; nil if it was the last.
    ///   - isEmpty: Whether nothing was on it.
    ///   - doing: What the pages are read for, behind the manager's name.
    /// - Throws: A ``KeyResolutionError`` with the code `pluginFailed` after a thousand empty pages in a row.
    mutating func turn(to page: String?, isEmpty: Bool, _ doing: () -> String) throws(KeyResolutionError) {
        emptyPages = isEmpty ? emptyPages + 1 : 0
        guard emptyPages < 1_000 else {
            throw KeyResolutionError(
                .pluginFailed,
                "\(doing()) has no end: \(emptyPages) pages in a row are empty",
                remedy: "fix the manager"
            )
        }
        next = page.flatMap { seen.count < 100_000 && seen.insert($0).inserted ? $0 : nil }
        haveEnded = next == nil
    }
}
