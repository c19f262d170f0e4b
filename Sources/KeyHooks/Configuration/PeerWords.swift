package import JSON5Syntax

/// The words that other tools have for what settings here are called, in one table for all sections:
/// `peer-words.json5`, which the build embeds.
package enum PeerWords {
    private struct Entry {
        /// What it is called here; the entry counts only where that is a known key.
        let meant: String
        let sentence: String?
    }

    /// What to say of a key, going by the keys that are known where it stands.
    ///
    /// - Parameters:
    ///   - name: The key as it was written.
    ///   - known: The keys that are known there.
    /// - Returns: What to say; nil if no other tool has the word, or means nothing that is known there.
    package static func advice(on name: String, known: some Collection<String>) -> JSONVocabulary.Advice? {
        advice(on: name) { known.contains($0) }
    }

    static func advice(on name: String, isKnown: (String) -> Bool) -> JSONVocabulary.Advice? {
        guard name.utf8.count <= 64, let entries = table[folded(name)] else { return nil }
        guard let entry = entries.first(where: { $0.meant != name && isKnown($0.meant) }) else { return nil }
        return entry.sentence.map { .sentence($0) } ?? .meant(entry.meant)
    }

    /// What a word means among names of which any may be meant; nil if that takes more than a word to say.
    package static func meaning(of name: String, among known: some Collection<String>) -> String? {
        if case .meant(let meant)? = advice(on: name, known: known) { meant } else { nil }
    }

    /// Whether a word is one for the key itself.
    static func isKey(_ name: String) -> Bool { keyWords.contains(folded(name)) }

    private static let document = JSONNode(embedded: PackageResources.peer_words_json5, "peer-words.json5")

    /// What other tools call a key, or the variable that holds it.
    private static let keyWords = document["keyWords"]?.words ?? []

    private static func folded(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." && $0 != " " }
    }

    private static let table: [String: [Entry]] = {
        var table: [String: [Entry]] = [:]
        for row in document["rows"]?.elements ?? [] {
            guard let parts = row.elements, let meant = parts[1].string else { continue }
            let entry = Entry(meant: meant, sentence: parts.count > 2 ? parts[2].string : nil)
            for word in parts[0].string == nil ? keyWords : parts[0].words { table[word, default: []].append(entry) }
        }
        return table
    }()
}
