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

    /// What stands after `#!` in the first line of the executable.
    private func interpreter() -> String? {
        guard let file = FileHandle(forReadingAtPath: executable) else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 256), bytes.starts(with: "#!".utf8) else { return nil }
        let line = bytes.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return words.first.map { String(decoding: $0, as: UTF8.self) }
    }
}
