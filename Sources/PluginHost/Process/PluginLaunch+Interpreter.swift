import Foundation
import KeyHooks

extension PluginLaunch {
    /// Why it cannot be started, and what helps.
    ///
    /// Of a script whose interpreter is missing the system says that there is no such file, which is there.
    func words(for failure: SpawnFailure) -> (reason: String, hint: String?) {
        switch failure.code {
        case ENOENT where FileManager.default.fileExists(atPath: executable):
            guard let interpreter = interpreter() else {
                return ("what it needs to run, such as its loader, is not there", installHint)
            }
            guard !interpreter.hasSuffix("\r") else {
                return ("the first line of its entry ends with a carriage return", "save the entry with LF line ends")
            }
            return (
                "its interpreter '\(displayText(interpreter, limit: 200))' is not there",
                "install it, or put the right one into the first line of the entry"
            )
        case ENOEXEC:
            return (
                "its entry is no program for this system, and its first line does not name an interpreter",
                "begin the entry with a line such as '#!/bin/sh'"
            )
        default: return (failure.reason, failure.isMissing ? installHint : nil)
        }
    }

    /// What is known of why it ended, to follow how it did; empty if there is nothing.
    func remark(on exit: ChildExit) -> String {
        if case .status(let status) = exit, [126, 127].contains(status), let reason = faultOfFirstLine() {
            return ": \(reason)"
        }
        return missingRemark
    }

    /// That its manifest asks for what isn't set, to follow what went wrong; empty if all is set.
    var missingRemark: String {
        guard let last = missingVariables.last else { return "" }
        let names = missingVariables.dropLast().joined(separator: ", ")
        return names.isEmpty
            ? "; its manifest asks for \(last), which isn't set"
            : "; its manifest asks for \(names) and \(last), which aren't set"
    }

    /// Why a shell or `env` finds nothing to run by the first line; nil if that is in order.
    private func faultOfFirstLine() -> String? {
        guard let words = firstLine() else { return nil }
        if words.last?.hasSuffix("\r") == true {
            return "its first line ends with a carriage return: save the entry with LF line ends"
        }
        guard words.first?.hasSuffix("/env") == true,
            let program = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }),
            !isOnPath(program)
        else { return nil }
        return "its first line asks for '\(displayText(program, limit: 200))', which isn't on PATH"
    }

    private func isOnPath(_ program: String) -> Bool {
        if program.contains("/") { return FileManager.default.isExecutableFile(atPath: program) }
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// What stands after `#!` in the first line of the executable.
    private func interpreter() -> String? { firstLine()?.first }

    /// The words after `#!` in the first line of the executable.
    private func firstLine() -> [String]? {
        guard let file = FileHandle(forReadingAtPath: executable) else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 256), bytes.starts(with: "#!".utf8) else { return nil }
        let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        return line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
