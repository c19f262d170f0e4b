package import LightFoundation
import Synchronization

/// Where it is written down what was lent and not yet given back, so that a crash forgets nothing.
///
/// A folder of the user's alone, with a file for each process that has something to give back. What a process left
/// behind is given back by the next one that can reach the same lender, or by `keyhooks leases revoke`; what has ended
/// by itself meanwhile is dropped. No value is written.
package final class LeaseJournal: Sendable {
    private static let open = Mutex<[String: LeaseJournal]>([:])

    /// The folder.
    package let folder: String

    fileprivate struct State {
        let folder: String
        var file: JournalFile?
        var records: [LeaseRecord] = []
        var kept: Set<String> = []
        var failure: String?

        /// How many lines the file has.
        var lines = 0
    }

    private let state: Mutex<State>

    /// How long after its end a lease is still written down, in case that clocks differ.
    private static let tolerance = 86_400.0

    private init(_ folder: String) {
        self.folder = folder
        state = Mutex(State(folder: folder))
    }

    /// The journal in a folder; the same one for all in this process.
    package static func inFolder(_ folder: String) -> LeaseJournal {
        open.withLock { journals in
            if let known = journals[folder] { return known }
            let new = LeaseJournal(folder)
            journals[folder] = new
            return new
        }
    }

    /// Why nothing can be written down; nil while it can.
    var failure: String? { state.withLock(\.failure) }

    /// Writes a lease down, or what is new about it.
    ///
    /// Where that fails the lease is kept all the same: its end bounds what a crash leaves behind.
    func note(_ record: LeaseRecord) {
        change { state in
            if let index = state.records.firstIndex(where: { $0.mark == record.mark }) {
                state.records[index] = record
            } else {
                state.records.append(record)
            }
            try state.write { try $0.note(record) }
        }
    }

    /// Notes that a lease was given back, or that it has ended.
    func remove(_ mark: String) {
        change { state in
            guard let index = state.records.firstIndex(where: { $0.mark == mark }) else { return }
            state.records.remove(at: index)
            state.kept.remove(mark)
            guard state.records.isEmpty else { return try state.write { try $0.remove(mark) } }
            // Nothing is left to say.
            state.file?.delete()
            (state.file, state.failure) = (nil, nil)
        }
    }

    /// Notes that a lease was handed to somebody else who goes on with it: it isn't given back unless a person says so.
    func keep(_ mark: String) {
        change { state in
            guard state.records.contains(where: { $0.mark == mark }) else { return }
            state.kept.insert(mark)
            try state.write { try $0.keep(mark) }
        }
    }

    private func change(_ change: (inout State) throws -> Void) {
        state.withLock { state in
            do {
                try change(&state)
            } catch {
                let fault = (error as? FileFault)?.reason ?? (error as? SystemFailure)?.text
                state.failure = fault ?? "the file can't be made or locked"
            }
        }
    }
}

extension LeaseJournal.State {
    /// Adds a line that says what was changed, or says all anew: at first, if somebody removed the file, and if a line
    /// could not be written.
    fileprivate mutating func write(_ write: (JournalFile) throws -> Void) throws {
        // Each renewal adds a line, and a file that grows for ever can't be read at last.
        if failure == nil, let file, file.isThere, lines < 100 + 4 * records.count {
            lines += 1
            return try write(file)
        }
        let new = try JournalFile.make(in: folder)
        do {
            for record in records { try new.note(record) }
            for mark in kept { try new.keep(mark) }
        } catch {
            new.delete()
            throw error
        }
        file?.delete()
        file = new
        failure = nil
        lines = records.count + kept.count
    }
}

extension LeaseJournal {
    /// A file of the journal, as a person sees it.
    package struct Page: Sendable {
        /// The process that lent, by its number.
        package let process: Int?

        /// Whether that process is gone.
        package let isLeft: Bool

        /// What is to be given back.
        package let records: [LeaseRecord]

        /// The marks of those that were handed to somebody else.
        package let kept: Set<String>

        /// Why the file can't be read, or that a part of it can't.
        package let fault: String?
    }

    /// All that is written down by processes of this user, those that live included.
    ///
    /// - Throws: A ``FileFault`` if the folder can't be read.
    package func pages() throws(FileFault) -> [Page] {
        try files()
            .map { path in
                let name = path.split(separator: "/").last ?? ""
                let process = Int(name.prefix { $0 != "-" })
                do {
                    let left = try JournalFile.takeOver(path)
                    let contents = try left?.contents() ?? JournalFile.look(at: path)
                    let fault = contents.isDamaged ? "a part of \(FileFault.shown(path)) is damaged" : nil
                    return Page(
                        process: process,
                        isLeft: left != nil,
                        records: contents.records,
                        kept: contents.kept,
                        fault: fault
                    )
                } catch {
                    let fault = "\(FileFault.shown(path)) can't be read"
                    return Page(process: process, isLeft: false, records: [], kept: [], fault: fault)
                }
            }
    }

    private func files() throws(FileFault) -> [String] {
        do {
            let place = FilePath(try FileSystem.canonicalPath(of: folder))
            if let fault = (FileFault.faults(of: place) + FileFault.faults(above: place)).first { throw fault }
            return try FileSystem.names(in: folder).compactMap(\.self).filter { $0.hasSuffix(JournalFile.ending) }
                .sorted().map { "\(folder)/\($0)" }
        } catch let fault as FileFault {
            throw fault
        } catch let failure as SystemFailure where failure.isMissing {
            return []
        } catch {
            let why = (error as? SystemFailure).map { ": \($0.text)" } ?? ""
            throw FileFault("\(FileFault.shown(folder)) can't be read\(why)", remedy: "see who may read it")
        }
    }

    /// Takes over what processes left behind that are gone: it is written down here now, and there no more.
    ///
    /// - Parameters:
    ///   - isWanted: Which leases.
    ///   - takesKept: Whether those are taken too that were handed to somebody else.
    ///   - now: The date; what ended before it is dropped.
    /// - Returns: What was taken over.
    package func adopt(where isWanted: (LeaseRecord) -> Bool, takesKept: Bool = false, now: Date) -> [LeaseRecord] {
        var adopted: [LeaseRecord] = []
        for path in (try? files()) ?? [] {
            // One that can't be taken over must not keep the others from it.
            guard let left = try? JournalFile.takeOver(path), let contents = try? left.contents() else { continue }
            var remaining = 0
            for record in contents.records {
                let isOurs = isWanted(record) && (takesKept || !contents.kept.contains(record.mark))
                // Clocks differ, so one's own are tried once in any case.
                let hasEnded = !isOurs && record.endsAt.addingTimeInterval(Self.tolerance) < now
                guard hasEnded || isOurs else {
                    remaining += 1
                    continue
                }
                if !hasEnded {
                    note(record)
                    guard failure == nil else {
                        remaining += 1
                        continue
                    }
                    adopted.append(record)
                }
                // If that can't be written it is given back twice, which no server minds.
                try? left.remove(record.mark)
            }
            // Who knows what a damaged line says? A person may look at it.
            if remaining == 0, !contents.isDamaged { left.delete() }
        }
        return adopted
    }

    /// Drops what processes left behind, without giving it back.
    ///
    /// - Returns: How many leases that were.
    package func forget(where isWanted: (LeaseRecord) -> Bool = { _ in true }) -> Int {
        var count = 0
        for path in (try? files()) ?? [] {
            guard let left = try? JournalFile.takeOver(path), let contents = try? left.contents() else { continue }
            let dropped = contents.records.filter(isWanted)
            for record in dropped { try? left.remove(record.mark) }
            count += dropped.count
            if dropped.count == contents.records.count { left.delete() }
        }
        return count
    }
}
