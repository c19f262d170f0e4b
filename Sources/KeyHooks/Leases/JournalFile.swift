import LightFoundation

/// One file of a ``LeaseJournal``: what one process has to give back.
///
/// A line of JSON is added for each step. The file is locked as long as its process lives, so that the next one can tell
/// what was left behind; a line that a crash cut off is skipped.
final class JournalFile: Sendable {
    /// One step.
    private struct Line: Codable {
        /// A lease that is to be given back.
        var lent: LeaseRecord?

        /// The mark of one that was given back or has ended.
        var back: String?

        /// The mark of one that was handed to somebody else, and is given back only where a person says so.
        var kept: String?
    }

    /// What a file says.
    struct Contents {
        /// What is to be given back, in the order in which it was lent.
        var records: [LeaseRecord] = []

        /// The marks of those of them that were handed to somebody else.
        var kept: Set<String> = []

        /// Whether there are lines that say nothing.
        var isDamaged = false
    }

    static let ending = ".leases"
    private static let sizeLimit = 16 << 20

    let path: String
    private let lock: FileLock

    private init(_ path: String, _ lock: consuming FileLock) {
        self.path = path
        self.lock = lock
    }

    /// Makes a file for this process.
    static func make(in folder: String) throws -> JournalFile {
        try FileSystem.makeFolder(folder)
        let place = FilePath((try? FileSystem.canonicalPath(of: folder)) ?? folder)
        if let fault = (FileFault.faults(of: place) + FileFault.faults(above: place)).first { throw fault }
        while true {
            let name = "\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
            let path = "\(folder)/\(name)\(ending)"
            if let lock = try FileLock.now(path, isNew: true) { return JournalFile(path, lock) }
        }
    }

    /// Takes over a file whose process has ended; nil while that one lives.
    static func takeOver(_ path: String) throws -> JournalFile? {
        guard let lock = try FileLock.now(path, isNew: false) else { return nil }
        return JournalFile(path, lock)
    }

    /// Whether the file is still there, so that others find it.
    var isThere: Bool { lock.isValid }

    func note(_ record: LeaseRecord) throws { try add(Line(lent: record)) }

    func remove(_ mark: String) throws { try add(Line(back: mark)) }

    func keep(_ mark: String) throws { try add(Line(kept: mark)) }

    private func add(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let end = lseek(lock.descriptor, 0, SEEK_END)
        guard end >= 0 else { throw SystemFailure() }
        // A line that was cut off must not swallow this one.
        let bytes = (end > 0 ? [0x0A] : []) + Array(try encoder.encode(line)) + [0x0A]
        do {
            try FileSystem.write(bytes, to: lock.descriptor)
        } catch {
            // Half a line on a full disk would only be skipped, but it would count as damage.
            _ = ftruncate(lock.descriptor, end)
            throw error
        }
    }

    /// Removes the file; whoever waits for it notices.
    func delete() { if isThere { unlink(path) } }

    func contents() throws -> Contents {
        guard lseek(lock.descriptor, 0, SEEK_SET) == 0 else { throw SystemFailure() }
        var bytes: [UInt8] = []
        while bytes.count <= Self.sizeLimit {
            let piece = try FileSystem.piece(of: lock.descriptor)
            if piece.isEmpty { break }
            bytes += piece
        }
        guard bytes.count <= Self.sizeLimit else { throw SystemFailure(EFBIG) }
        return Self.contents(of: bytes)
    }

    /// What a file says that may belong to somebody who lives.
    static func look(at path: String) throws -> Contents {
        contents(of: try FileReading.read(path, limit: sizeLimit).bytes)
    }

    private static func contents(of bytes: [UInt8]) -> Contents {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        var contents = Contents()
        var ended: Set<String> = []
        var places: [String: Int] = [:]
        for bytes in bytes.split(separator: 0x0A) {
            guard let line = try? decoder.decode(Line.self, from: Data(bytes)),
                line.lent.map({ $0.isPlausible }) ?? (line.back != nil || line.kept != nil)
            else {
                contents.isDamaged = true
                continue
            }
            if let record = line.lent {
                // A later line says more of the same lease.
                if let place = places[record.mark] {
                    contents.records[place] = record
                } else {
                    places[record.mark] = contents.records.count
                    contents.records.append(record)
                }
            }
            if let mark = line.back { ended.insert(mark) }
            if let mark = line.kept { contents.kept.insert(mark) }
        }
        contents.records.removeAll { ended.contains($0.mark) }
        return contents
    }
}

extension LeaseRecord {
    /// Whether it can be one of ours: a date may be anything in a file that somebody else wrote.
    fileprivate var isPlausible: Bool {
        [lentAt, endsAt].allSatisfy { abs($0.timeIntervalSince1970) < 1e11 } && !mark.isEmpty && id != ""
    }
}
