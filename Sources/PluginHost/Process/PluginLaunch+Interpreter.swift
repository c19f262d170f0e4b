import JSON5Syntax
package import KeyHooks
import LightFoundation

extension PluginLaunch {
    /// Why it cannot be started, and what helps.
    package func words(for failure: SystemFailure) -> (reason: String, hint: String?) {
        switch failure.code {
        case ENOENT where FileManager.default.fileExists(atPath: executable), ENOEXEC:
            let line = EntryFirstLine(of: executable)
            if let fault = line?.fault { return ("'\(entry)' \(fault.reason)", fault.remedy) }
            if failure.code == ENOEXEC { return ("'\(entry)' is a program for another system", installHint) }
            guard let interpreter = line?.words?.first else {
                return ("what it needs to run, such as its loader, is not there", installHint)
            }
            return (
                "its interpreter '\(displayText(interpreter, limit: 200))' is not there",
                "install it, or put the right one into the first line of '\(entry)'"
            )
        default: return (failure.text, failure.isOfExecutable ? installHint : nil)
        }
    }

    /// What the executable is called in its folder.
    private var entry: String { displayText(FilePath(executable).name, limit: 200) }

    /// What is known of why it ended, to follow how it did; empty if there is nothing.
    ///
    /// - Parameters:
    ///   - exit: How it ended.
    ///   - lines: What it wrote last for people.
    /// - Returns: The remark.
    package func remark(on exit: ChildExit, after lines: [String]) -> String {
        interpreterFault(exit).map { ": \($0)" } ?? remark(after: lines)
    }

    /// The remark, and after it the last lines; not where those are no more than a program's own words for the remark.
    func words(on exit: ChildExit, after lines: [String]) -> String {
        let shown = lines.map { TerminalText.clean($0, limit: StandardErrorLog.repeatedLimit) }.joined(separator: " | ")
        let remark = remark(on: exit, after: lines)
        return shown.isEmpty || interpreterFault(exit) != nil ? remark : "\(remark); its last words: \(shown)"
    }

    /// Why the program that its first line names could not be run; nil if it was, or nothing is known.
    private func interpreterFault(_ exit: ChildExit) -> String? {
        guard case .status(let status) = exit, [126, 127].contains(status) else { return nil }
        return EntryFirstLine(of: executable)?
            .faultOfProgram(isOnPath: { EntryFirstLine.isOnPath($0, environment) })
    }

    /// What is known of the variables that it lacks, to follow what went wrong; empty if there is nothing.
    package func remark(
        after lines: [String],
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        missingRemark.isEmpty ? withheldRemark(lines, environment) : missingRemark
    }

    /// That its manifest asks for what isn't set.
    private var missingRemark: String {
        guard let last = missingVariables.last else { return "" }
        let names = missingVariables.dropLast().joined(separator: ", ")
        return names.isEmpty
            ? "; its manifest asks for \(last), which isn't set"
            : "; its manifest asks for \(names) and \(last), which aren't set"
    }

    /// That it names a variable which is set here and which its manifest doesn't ask for.
    package func withheldRemark(_ lines: [String], _ host: [String: String]) -> String {
        let words = lines.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) }
        let names = words.filter { $0.contains("_") && host[$0] != nil && environment[$0] == nil }
        guard let name = names.first(where: { !askedVariables.contains($0) }) else { return "" }
        return "; \(name) is set here, and a plugin gets only the variables that 'environment' in its manifest names"
    }
}
