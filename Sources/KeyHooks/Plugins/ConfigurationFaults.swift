package import ExtensionHooks

/// Gathers what is wrong in a configuration as its plugins see it, so that all of it is told at once.
package struct ConfigurationFaults {
    /// What a source of plugins throws for a resolver to gather.
    private struct Gathered: Error {
        let error: KeyResolutionError
        let plugins: Set<HookID>
    }

    /// How mistakes are fixed that say by themselves what is wrong.
    static let remedy = "fix these places"

    private var errors: [KeyResolutionError] = []

    /// The plugins that something is wrong with; that they have no hooks then is no fault of its own.
    package private(set) var plugins: Set<HookID> = []

    package init() {}

    package var isEmpty: Bool { errors.isEmpty }

    /// What was gathered so far, for somebody who would otherwise report the same.
    package var text: String { errors.map(\.message).joined(separator: "\n") }

    package mutating func add(_ error: KeyResolutionError, about plugins: some Sequence<HookID> = []) {
        errors.append(error)
        self.plugins.formUnion(plugins)
    }

    /// Does something; what it finds wrong with the configuration is kept, and any other error thrown.
    ///
    /// - Returns: What it came to; nil if something is wrong.
    package mutating func collect<Result>(
        about plugins: some Sequence<HookID> = [],
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
    mutating func keep<Result>(_ body: () throws(KeyResolutionError) -> Result) -> Result? {
        do throws(KeyResolutionError) {
            return try body()
        } catch {
            add(error)
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
        // What is to be done about each is told with it, but where that is no more than to fix it.
        let lines = firstLines(of: errors) { $0.remedy == Self.remedy ? $0.message : $0.description }
        return .invalidConfiguration(lines, remedy: Self.remedy)
    }
}
