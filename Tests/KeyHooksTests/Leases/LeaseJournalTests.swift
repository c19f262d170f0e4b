import Foundation
import KeyHooks
import KeyHooksTesting
import Testing

/// What is written down of leases: for the user alone, whole, and without a value.
@Suite(.timeLimit(.minutes(5))) struct LeaseJournalTests {
    let clock = ManualClock()

    private func files(_ folder: KeyHooksTesting.TemporaryFolder) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/leases")) ?? [])
            .sorted().map { "\(folder.path)/leases/\($0)" }
    }

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// What a process that is gone has left behind.
    private func leave(_ text: String, in folder: KeyHooksTesting.TemporaryFolder, _ name: String = "99999999-x") throws
    {
        try folder.write("leases/\(name).leases", text)
    }

    private func line(_ mark: String, lender: String = "bank", id: String?, endsAt: Double = 2_000_000_000) -> String {
        let id = id.map { #","id":"\#($0)""# } ?? ""
        return #"{"lent":{"mark":"\#(mark)","lender":"\#(lender)","place":"p","details":{},"lentAt":1700000000,"#
            + #""endsAt":\#(endsAt)\#(id)}}"# + "\n"
    }

    @Test func `It is the user's alone, holds no value, and goes when nothing is lent any more`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try BankFixture(LendingBank(clock), in: folder.path)
            let keys = [try await fixture.key(), try await fixture.key("anthropic")]
            let file = try #require(files(folder).first)
            #expect(files(folder).count == 1)
            #expect(try permissions(file) == 0o600 && permissions("\(folder.path)/leases") == 0o700)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains("lease-1") && text.contains("lease-2"))
            for key in keys { #expect(!text.contains(key.value)) }
            for key in keys { #expect(fixture.resolver.release(key)) }
            try await until { fixture.bank.live.isEmpty && files(folder).isEmpty }
        }
    }

    @Test func `What a process left behind is given back once, by those who can`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            for _ in 0..<3 { _ = try await bank.lend("p", try record()) }
            let text =
                line("a1", id: "lease-1") + line("b2", lender: "other", id: "lease-2") + line("c3", id: "lease-3")
                + #"{"kept":"c3"}"# + "\n"
            try leave(text, in: folder)
            // Two at the same time.
            let fixtures = try (0..<2).map { _ in try BankFixture(bank, in: folder.path) }
            for fixture in fixtures { _ = try await fixture.key("groq") }
            try await until { bank.revocations == ["lease-1": 1] }
            for _ in 0..<50 { await Task.yield() }
            #expect(bank.revocations == ["lease-1": 1])
            // Another lender's stays, and so does what somebody goes on with.
            let journal = LeaseJournal.inFolder(fixtures[0].journal)
            let page = try #require(try journal.pages().first { $0.isLeft })
            #expect(page.records.map(\.mark) == ["b2", "c3"] && page.kept == ["c3"])
            #expect(page.process == 99_999_999)
            // Until a person says so.
            #expect(await fixtures[0].resolver.revokeLeftLeases(within: .seconds(5)).map(\.givenBack) == [1])
            #expect(bank.revocations == ["lease-1": 1, "lease-3": 1])
            #expect(try journal.pages().filter(\.isLeft).flatMap(\.records).map(\.mark) == ["b2"])
            #expect(journal.forget() == 1 && files(folder).isEmpty)
        }
    }

    /// A record that nothing was written of.
    private func record() throws -> LeaseRecord {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        let text = line("m", id: nil).dropFirst(#"{"lent":"#.count).dropLast(2)
        return try decoder.decode(LeaseRecord.self, from: Data(text.utf8))
    }

    @Test func `What was handed to others is dropped once it has ended`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            try leave(line("a1", id: "x", endsAt: 1_700_000_100) + #"{"kept":"a1"}"# + "\n", in: folder)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key("groq")
            try await until { files(folder).isEmpty }
            #expect(bank.count(.giveBack) == 0)
        }
    }

    @Test func `What has ended is dropped without asking anybody`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            try leave(line("a1", lender: "other", id: "x", endsAt: 1_700_000_100), in: folder)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key("groq")
            try await until { files(folder).isEmpty }
            #expect(bank.count(.giveBack) == 0)
        }
    }

    @Test(arguments: [
        "{\"lent\":{\"mark\":\"a", "\u{0}\u{1}\u{FFFD}", "{}", "[1]", #"{"lent":{"mark":1}}"#, "}\n{\"back\":\"zz\"}",
    ])
    func `A line that a crash cut off, or that says nothing, hides no other`(_ damage: String) async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            _ = try await bank.lend("p", try record())
            try leave(damage + "\n" + line("a1", id: "lease-1") + damage, in: folder)
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key("groq")
            try await until { bank.revocations == ["lease-1": 1] }
            // Who knows what it said? The file stays for a person to look at.
            try await until {
                (try? LeaseJournal.inFolder(fixture.journal).pages().contains { $0.fault != nil }) == true
            }
        }
    }

    @Test func `A file that somebody removes is written again with all that is lent`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try BankFixture(LendingBank(clock), in: folder.path)
            _ = try await fixture.key()
            for file in files(folder) { try FileManager.default.removeItem(atPath: file) }
            _ = try await fixture.key("anthropic")
            #expect(Set(fixture.written.compactMap(\.id)) == ["lease-1", "lease-2"])
        }
    }

    @Test func `A folder that others can change is refused; keys are lent, and a warning says so`() async throws {
        try await withTemporaryFolder { folder in
            let fixture = try BankFixture(LendingBank(clock), in: folder.path)
            try FileManager.default.createDirectory(atPath: fixture.journal, withIntermediateDirectories: false)
            #expect(chmod(fixture.journal, 0o777) == 0)
            #expect(try await fixture.key().value == "key-1")
            #expect(files(folder).isEmpty)
            let warnings = try fixture.resolver.explain(service: "openai").description
            #expect(fixture.resolver.leaseStatistics["bank"]?.lent == 1, "\(warnings)")
        }
    }

    @Test func `A link in the place of a file is left alone`() async throws {
        try await withTemporaryFolder { folder in
            let bank = LendingBank(clock)
            let target = try folder.write("target", line("a1", id: "lease-1"))
            try folder.write("leases/empty", "")
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder.path)/leases/1-x.leases",
                withDestinationPath: target
            )
            let fixture = try BankFixture(bank, in: folder.path)
            _ = try await fixture.key("groq")
            for _ in 0..<200 { await Task.yield() }
            #expect(bank.count(.giveBack) == 0)
            #expect(try String(contentsOfFile: target, encoding: .utf8) == line("a1", id: "lease-1"))
        }
    }
}
