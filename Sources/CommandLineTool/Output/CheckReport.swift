#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks
import ServerSettings

extension [CheckFinding] {
    /// Prints what a check found.
    ///
    /// - Throws: The exit status that it comes to, unless that is success.
    func show(asJSON isJSON: Bool) throws {
        try StandardOutput.write(self, asJSON: isJSON, text: text)
        let status = ExitStatus.worst(of: map(\.exit))
        if !status.isSuccess { throw status }
    }

    private var text: String {
        var table = TextTable()
        var sections: [String] = []
        let areSeveral = Set(map(\.sections)).count > 1
        for finding in self {
            if areSeveral, finding.sections != sections {
                sections = finding.sections
                table.add(line: "\(sections.joined(separator: ", ")):")
            }
            table.add(
                displayText(finding.step, limit: 512),
                finding.word,
                displayText(finding.reason, limit: 8192),
                note: finding.remedy.map { "to do: \(displayText($0, limit: 8192))" }
            )
        }
        return table.text
    }
}

extension CheckFinding {
    /// The exit status that it comes to.
    fileprivate var exit: ExitCode {
        code.map { ExitStatus.of(KeyResolutionError($0, reason, remedy: remedy ?? "")) } ?? .success
    }

    fileprivate var word: String {
        switch outcome {
        case .passed: "passed"
        case .failed: "FAILED"
        case .denied: "DENIED"
        case .skipped: "-"
        }
    }
}
#endif
