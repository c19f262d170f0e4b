package import ExtensionHooks
import JSON5Syntax

/// Gathers what is wrong in a configuration as its plugins see it, so that all of it is reported at once.
package struct ConfigurationFaults {
    /// What a source of plugins throws for a resolver to gather.
    private struct Gathered: Error {
        let error: KeyResolutionError
        let plugins: Set<PluginID>
    }

    /// How mistakes are fixed that say by themselves what is wrong.
    static func remedy(for count: Int) -> String { count == 1 ? "fix this place" : "fix these places" }

    private var errors: [KeyResolutionError] = []

    /// The plugins that something is wrong with; that they have no hooks then isn't a fault of its own.
    package private(set) var plugins: Set<PluginID> = []

    package init() {}

    package var isEmpty: Bool { errors.isEmpty }

    /// What was gathered so far, for somebody who would otherwise report the same.
    package var text: String { errors.map(\.message).joined(separator: "\n") }

    package mutating func add(_ error: KeyResolutionError, about plugins: some Sequence<PluginID> = []) {
        errors.append(error)
        self.plugins.formUnion(plugins)
    }

    /// Does something; what it finds wrong with the configuration is kept, and any other error thrown.
    ///
    /// - Returns: What it came to; nil if something is wrong.
    package mutating func collect<Result>(
        about plugins: some Sequence<PluginID> = [],
        _ body: () throws -> Result
    ) throws -> Result? {
        do {
            return try body()
        } catch let gathered as Gathered {
            add(gathered.error, about: gathered.plugins.union(plugins))
        } catch let error as KeyResolutionError where error.code == .invalidConfiguration {
            add(error, about: plugins)
        }
        return nil
    }

    /// Does something that throws what is wrong with the configuration and nothing else, and keeps that.
    ///
    /// - Returns: What it came to; nil if something is wrong.
    @discardableResult
    mutating func keep<Result>(
        about plugins: some Sequence<PluginID> = [],
        _ body: () throws(KeyResolutionError) -> Result
    ) -> Result? {
        do throws(KeyResolutionError) {
            return try body()
        } catch {
            add(error, about: plugins)
            return nil
        }
    }

    /// Throws what was gathered, for a resolver to gather it in turn.
    package func handOn() throws {
        if let error { throw Gathered(error: error, plugins: plugins) }
    }

    /// Throws what was gathered as one error.
    package func check() throws(KeyResolutionError) {
        if let error { throw error }
    }

    /// What was gathered as one error; nil for nothing.
    var error: KeyResolutionError? {
        guard errors.count > 1 else { return errors.first }
        // What is to be done about each is said with it, but where that is no more than to fix it.
        let plain = [Self.remedy(for: 1), Self.remedy(for: 2)]
        let texts = errors.map { plain.contains($0.remedy) ? $0.message : $0.description }
        let lines = Self.inOrder(texts.flatMap { $0.split(separator: "\n") })
        return .invalidConfiguration(firstLines(of: lines) { String($0) }, remedy: Self.remedy(for: lines.count))
    }

    /// The lines as their places come in each file, each once; those without a place come last.
    private static func inOrder(_ lines: [Substring]) -> [Substring] {
        var reported: Set<Substring> = []
        var files: [Substring: Int] = [:]
        return lines.filter { reported.insert($0).inserted }.enumerated()
            .map { index, line -> (order: [Int], line: Substring) in
                guard let place = place(in: line) else { return ([.max, index], line) }
                let file = files[place.file] ?? files.count
                files[place.file] = file
                return ([file, place.line, place.column, index], line)
            }
            .sorted { $0.order.lexicographicallyPrecedes($1.order) }
            .map(\.line)
    }

    /// The place with which a line begins, as in `keyhooks.json:3:5: …`.
    private static func place(in line: Substring) -> (file: Substring, line: Int, column: Int)? {
        let parts = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].hasPrefix(" "), let row = Int(parts[1]), let column = Int(parts[2]) else {
            return nil
        }
        return (parts[0], row, column)
    }
}
