import Foundation

/// Tries inputs on a property until one breaks it or the budget is used up.
package struct Fuzzer: Sendable {
    /// What must hold of an input; it throws what does not hold, best as a ``Broken``.
    ///
    /// The generator is for what is to be drawn besides the input, and draws the same for the same input.
    package typealias Property = ([UInt8], inout SplitMix64) async throws -> Void

    private let name: String
    private let corpus: [[UInt8]]
    private let mutator: Mutator
    private let budget: FuzzBudget
    /// What no input takes on the slowest of machines, for they are small.
    private static let patience = Duration.seconds(20)

    /// Makes a fuzzer.
    ///
    /// - Parameters:
    ///   - name: What is fuzzed, in a word.
    ///   - corpus: Good inputs, of which bad ones are made.
    ///   - mutator: How they are made.
    ///   - budget: How long it runs where the environment says nothing.
    package init(_ name: String, corpus: [String], mutator: Mutator, budget: FuzzBudget = FuzzBudget()) {
        self.name = name
        self.corpus = corpus.map { Array($0.utf8) }
        self.mutator = mutator
        self.budget = budget
    }

    /// Runs it, and prints the seed that it began with.
    ///
    /// - Throws: A ``FuzzFailure`` with the smallest input found that breaks the property.
    package func run(_ property: Property) async throws {
        let budget = try budget.overridden()
        let journal = try FuzzJournal(name)
        let start = ContinuousClock.now
        var (seed, count) = (budget.seed, 0)
        while count < budget.count, ContinuousClock.now - start < budget.time {
            try journal.note(seed)
            var generator = SplitMix64(seed: seed)
            let input = mutator.input(from: corpus, using: &generator)
            if let problem = await problem(with: input, generator, property) {
                let small = await shrunk(input, until: .seconds(20)) { candidate in
                    await self.problem(with: candidate, generator, property)?.rule == problem.rule
                }
                let last = await self.problem(with: small, generator, property) ?? problem
                journal.close()
                throw FuzzFailure(fuzzer: name, seed: seed, problem: last, input: small, originalCount: input.count)
            }
            (seed, count) = (seed &+ 1, count + 1)
            // Other tests want to run too.
            await Task.yield()
        }
        journal.close()
        print("fuzz: \(name): \(count) inputs from seed \(budget.seed) in \(ContinuousClock.now - start)")
    }

    private func problem(with input: [UInt8], _ generator: SplitMix64, _ property: Property) async -> Broken? {
        var generator = generator
        let start = ContinuousClock.now
        do {
            try await property(input, &generator)
        } catch {
            return error as? Broken ?? Broken("throws an error of the type \(type(of: error))", "\(error)")
        }
        let taken = ContinuousClock.now - start
        return taken < Self.patience ? nil : Broken("takes too long", "\(taken)")
    }
}

/// Where the seed of the present input stands, for the one who finds that the process crashed or hangs.
private struct FuzzJournal {
    private let url: URL
    private let handle: FileHandle

    init(_ name: String) throws {
        let process = ProcessInfo.processInfo.processIdentifier
        url = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-fuzz-\(name)-\(process).seed")
        try Data().write(to: url)
        handle = try FileHandle(forWritingTo: url)
    }

    func note(_ seed: UInt64) throws {
        let digits = String(seed)
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data((digits + String(repeating: " ", count: 20 - digits.count) + "\n").utf8))
    }

    func close() {
        try? handle.close()
        try? FileManager.default.removeItem(at: url)
    }
}
