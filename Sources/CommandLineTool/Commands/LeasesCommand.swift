#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import LightFoundation

/// What was lent and not yet given back.
struct LeasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leases",
        abstract: "Show what was lent to programs of yours and not given back, and give it back.",
        discussion: """
            A program writes down what it borrows, without a value, and gives it back when it ends. What one left \
            behind that was killed is given back when the next one borrows from the same server, or here; it ends by \
            itself in any case. Exit status: 0 done, 2 something could not be given back, 78 wrong configuration.
            """,
        subcommands: [List.self, Revoke.self]
    )

    /// Lists what is written down.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List what was lent: where, to which process, until when.",
            discussion: """
                Asks no server, and shows no key. A key is 'held' by a process that lives, or 'abandoned' by one that is \
                gone; 'handed over' is what 'keyhooks get' printed, and 'maybe lent' what a server may have made although \
                its answer was lost.
                """
        )

        @Flag(help: "Print JSON on standard output.")
        var json = false

        func run() async throws {
            let journal = try LeasesCommand.journal()
            let pages: [LeaseJournal.Page]
            do {
                pages = try journal.pages()
            } catch {
                throw reported(LeasesCommand.error(error))
            }
            for fault in pages.compactMap(\.fault) { StandardError.write("warning: \(fault)") }
            let leases = pages.flatMap { page in page.records.map { ListedLease($0, on: page) } }
            if leases.isEmpty { StandardError.write("nothing is lent") }
            try StandardOutput.write(leases, asJSON: json, text: ListedLease.text(leases))
        }
    }

    /// Gives back what was left behind.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Give back what processes left behind, and what 'keyhooks get' printed.",
            discussion: """
                What a process holds that lives is not touched; what 'keyhooks get' printed is given back also where it \
                is still used. The configuration must reach the servers that lent. \
                With --forget nothing is given back: what was left is dropped from the list, and ends by itself.
                """
        )

        @Flag(help: "Drop what was left from the list, without asking a server.")
        var forget = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            if forget {
                let count = try LeasesCommand.journal().forget()
                return try StandardOutput.write(
                    Revoked(givenBack: 0, failed: 0, forgotten: count, left: 0),
                    asJSON: options.json,
                    text: "forgotten: \(count)\n"
                )
            }
            try await options.withManagers { resolver in
                let all = await resolver.revokeLeftLeases(within: .seconds(30))
                // The login for it.
                await resolver.shutdown(within: .seconds(5))
                let pages = (try? LeasesCommand.journal().pages()) ?? []
                for fault in pages.compactMap(\.fault) { StandardError.write("warning: \(fault)") }
                let left = pages.filter(\.isLeft).flatMap(\.records)
                let failed = all.reduce(0) { $0 + $1.failed }
                let result = Revoked(
                    givenBack: all.reduce(0) { $0 + $1.givenBack },
                    failed: failed,
                    forgotten: 0,
                    left: left.count
                )
                for failure in all.compactMap(\.failure) { StandardError.write("error: \(failure)") }
                for lender in Set(left.map(\.lender)).sorted() {
                    StandardError.write(
                        "warning: this configuration doesn't reach \(displayText(lender, limit: 1024)). Use the one that "
                            + "it was lent under, start the program that borrowed there, or --forget"
                    )
                }
                try StandardOutput.write(
                    result,
                    asJSON: options.json,
                    text: "given back: \(result.givenBack)\n" + (failed > 0 ? "failed: \(failed)\n" : "")
                        + (left.isEmpty ? "" : "of other lenders: \(left.count)\n")
                )
                if failed > 0 || !left.isEmpty { throw ExitStatus.failed }
            }
        }
    }

    fileprivate static func journal() throws -> LeaseJournal {
        guard let folder = LeaseSettings.standardJournal else {
            throw reported(
                KeyResolutionError.invalidConfiguration(
                    "there is no folder for leases: the system knows no home folder of yours",
                    remedy: "set HOME, or XDG_CONFIG_HOME, to an absolute path"
                )
            )
        }
        return .inFolder(folder)
    }

    fileprivate static func error(_ fault: FileFault) -> KeyResolutionError {
        .invalidConfiguration(fault.reason, remedy: fault.remedy)
    }
}

/// What became of leases that were to be given back.
private struct Revoked: Encodable {
    let givenBack: Int
    let failed: Int
    let forgotten: Int
    let left: Int
}

/// A lease as it is listed.
private struct ListedLease: Encodable {
    let place: String
    let lender: String
    let id: String?
    let state: String
    let process: Int?
    let lentAt: Date
    let endsAt: Date

    init(_ record: LeaseRecord, on page: LeaseJournal.Page) {
        place = record.place
        lender = record.lender
        id = record.id
        state = page.kept.contains(record.mark) ? "handed over" : page.isLeft ? "abandoned" : "held"
        process = page.process
        lentAt = record.lentAt
        endsAt = record.endsAt
    }

    private static func words(_ seconds: Int) -> String {
        switch seconds {
        case (2 * 86_400)...: "\(seconds / 86_400) days"
        case (2 * 3_600)...: "\(seconds / 3_600) hours"
        case 120...: "\(seconds / 60) minutes"
        default: "\(seconds) s"
        }
    }

    static func text(_ leases: [ListedLease]) -> String {
        var table = TextTable()
        for lease in leases {
            let left = Int(min(max(lease.endsAt.timeIntervalSinceNow, -1e9), 1e12))
            table.add(
                displayText(lease.place, limit: 256),
                lease.state,
                lease.process.map { "process \($0)" } ?? "",
                left > 0 ? "ends in \(Self.words(left))" : "has ended",
                displayText(lease.lender, limit: 256),
                lease.id.map { displayText($0, limit: 256) } ?? "maybe lent"
            )
        }
        return table.text
    }
}
#endif
