import FuzzSupport
import Testing

extension Fuzzing {
    @Suite("The kit itself")
    struct KitTests {
        private let mutator = Mutator(tokens: ["needle"], brackets: [("[", "]")], sizeLimit: 512)

        @Test("One seed gives one input, and other seeds give others")
        func seeds() {
            let corpus = [Array("some text of some length".utf8)]
            let inputs = (UInt64(1)...200)
                .map { seed in
                    let twice = (1...2)
                        .map { _ in
                            var generator = SplitMix64(seed: seed)
                            return mutator.input(from: corpus, using: &generator)
                        }
                    #expect(twice[0] == twice[1])
                    #expect(twice[0].count <= 512)
                    return twice[0]
                }
            #expect(Set(inputs).count > 150)
        }

        @Test("What breaks a property is found, made small, and told with the seed that finds it first")
        func finding() async throws {
            let fuzzer = Fuzzer("kit", corpus: ["hay \u{7} hay"], mutator: mutator, budget: FuzzBudget(count: 5000))
            var failure: FuzzFailure?
            do {
                try await fuzzer.run { input, _ in try Self.checkNoNeedle(input) }
            } catch let found as FuzzFailure {
                failure = found
            }
            let found = try #require(failure)
            #expect(found.input == Array("needle".utf8))
            #expect(found.description.contains("KEYHOOKS_FUZZ_SEED=\(found.seed)"))
            var generator = SplitMix64(seed: found.seed)
            let again = mutator.input(from: [Array("hay \u{7} hay".utf8)], using: &generator)
            #expect(String(decoding: again, as: UTF8.self).holds("needle"))
        }

        private static func checkNoNeedle(_ input: [UInt8]) throws {
            try Broken.unless(!String(decoding: input, as: UTF8.self).holds("needle"), "a needle in the hay")
        }

        @Test("An input is shown so that nothing in it acts on a terminal")
        func escaping() {
            #expect(escaped(Array("a\\\n\u{1B}é".utf8)) == #"'a\\\n\x1b\xc3\xa9'"#)
            #expect(escaped([1, 2, 3], limit: 2) == #"'\x01\x02'…"#)
        }

        @Test("The environment says for how long and from where")
        func budget() throws {
            let usual = try FuzzBudget(seed: 3, count: 7).overridden(by: [:])
            #expect((usual.seed, usual.count, usual.time) == (3, 7, .seconds(2)))
            let told = try FuzzBudget()
                .overridden(by: ["KEYHOOKS_FUZZ_SECONDS": "600", "KEYHOOKS_FUZZ_SEED": "18446744073709551615"])
            #expect((told.seed, told.count, told.time) == (.max, .max, .seconds(600)))
            for text in ["", "-1", "ten"] {
                #expect(throws: (any Error).self) { try FuzzBudget().overridden(by: ["KEYHOOKS_FUZZ_SEED": text]) }
            }
        }

        @Test("A canary is found in a text whose scalars combine with its neighbours")
        func canaries() {
            #expect(throws: Broken.self) { try Canary.check("x\(Canary.values[2])\u{301}", in: "a text") }
            #expect(throws: Never.self) { try Canary.check(String(Canary.values[2].dropLast()), in: "a text") }
        }
    }
}
