import Foundation

/// Asks resolvers under load and faults, for `Tests/Support/faults.sh`; prints JSON, or a line for each fault.
///
///     LoadProgram ask CONFIG --services N --seconds S [--rate N|max] [--one-secret] [--ttl MS] [--stale MS]
///     LoadProgram cold CONFIG --services N [--callers N] [--rounds N]
///     LoadProgram wire ADDRESS [--width N] [--warm]      faults on standard input, as fault-server.py lists them
///     LoadProgram wait ADDRESS [--seconds S] [--callers N]
///     LoadProgram read ADDRESS PATH COUNT
///     LoadProgram store FILE PREFIX COUNT               as many secrets, each by a write of its own
///     LoadProgram rotate FILE NAME COUNT                as many times, under two names in turn
///     LoadProgram borrow CONFIG SERVICE,SERVICE         and gives back when standard input ends
///
/// CONFIG is a keyhooks.json. `ask` takes lines on standard input: `ack SECRET VERSION NANOSECONDS` and `ready
/// NANOSECONDS`.
@main
struct EntryPoint {
    static func main() async throws {
        var arguments = Arguments(CommandLine.arguments.dropFirst())
        switch arguments.next() {
        case "ask": try await Asking(&arguments).run()
        case "cold": try await ColdStart(&arguments).run()
        case "wire": try await Wire(&arguments).run()
        case "wait": try await Waiting(&arguments).run()
        case "read": try await Reading(&arguments).run()
        case "store": try await Storing(&arguments).write()
        case "rotate": try await Storing(&arguments).rotate()
        case "borrow": try await Borrowing(&arguments).run()
        default:
            FileHandle.standardError.write(
                Data("error: see Tests/LoadProgram/EntryPoint.swift for the arguments\n".utf8)
            )
            exit(64)
        }
    }
}

/// Prints what was measured.
func report(_ members: [String: Any]) throws {
    let data = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
    say(String(decoding: data, as: UTF8.self))
}

/// Prints a line at once: it may be the last one before a crash.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}
