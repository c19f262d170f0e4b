import Foundation
import KeyHooks

/// Writes or rotates secrets of a file until that is done, or the process is killed.
struct Storing {
    private let file: String
    private let name: String
    private let count: Int

    init(_ arguments: inout Arguments) {
        file = arguments.next()
        name = arguments.next()
        count = Int(arguments.next()) ?? 1000
    }

    private var secrets: ManagedSecrets { ManagedSecrets(in: FileSecretManager(file), access: .readWrite) }

    /// Writes a secret for each number.
    func write() async throws {
        for number in 0..<count {
            try await secrets.write(.text("\(name)-\(number)"), to: "\(name)/\(number)")
        }
        say("done")
    }

    /// Rotates a secret to the next number, under the same name and under another one in turn.
    func rotate() async throws {
        var current = name
        for number in 1...count {
            let next = number.isMultiple(of: 2) ? name : name + "-other"
            try await secrets.rotate(
                current,
                to: .text("value-\(number)-\(String(repeating: "x", count: 4_000))-end"),
                as: next
            )
            try await secrets.rotate(next, to: .text("value-\(number)-\(String(repeating: "y", count: 4_000))-end"))
            current = next
            say("\(number)")
        }
    }
}
