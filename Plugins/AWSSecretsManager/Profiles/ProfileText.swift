#if AWS
import KeyHooks

/// A file of profiles in the grammar of Python's configparser, which boto3 and the AWS CLI read it with.
///
/// Comments begin lines with `#` or `;`; `=` or `:` follows a name; what is further indented than a setting goes on
/// with its value; a name that is there twice is a mistake.
struct ProfileText: Sendable {
    /// A heading and what stands below it.
    struct Section: Sendable, CustomReflectable {
        let heading: String
        var settings: [String: String] = [:]

        /// The names of settings and no value.
        var customMirror: Mirror { Mirror(self, children: ["heading": heading, "settings": settings.keys.sorted()]) }
    }

    private(set) var sections: [Section] = []

    /// What is wrong and in which line; never a value.
    struct Mistake: Error, Hashable {
        let line: Int
        let text: String
    }

    private var setting: (name: String, lines: [Substring])?
    private var indentation = 0
    private var headings: Set<String> = []

    init(_ text: String) throws(Mistake) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var number = 0
        // A carriage return and a line feed are one character.
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            number += 1
            try read(line, number)
        }
        endSetting()
    }

    private mutating func read(_ line: Substring, _ number: Int) throws(Mistake) {
        let value = line.trimmedOfSpace
        if value.isEmpty {
            setting?.lines.append("")
            return
        }
        guard value.first != "#", value.first != ";" else { return }
        let depth = line.count - line.drop(while: \.isWhitespace).count
        if setting != nil, depth > indentation {
            setting?.lines.append(value)
            return
        }
        indentation = depth
        endSetting()
        if value.hasPrefix("["), let end = value.lastIndex(of: "]"), value.index(after: value.startIndex) < end {
            let heading = String(value[value.index(after: value.startIndex)..<end])
            guard headings.insert(heading).inserted else {
                throw Mistake(line: number, text: "a section is there twice")
            }
            sections.append(Section(heading: heading))
            return
        }
        guard !sections.isEmpty else {
            throw Mistake(line: number, text: "a setting stands before the first section, such as [default]")
        }
        guard let sign = value.firstIndex(where: { $0 == "=" || $0 == ":" }), sign > value.startIndex else {
            throw Mistake(line: number, text: "a line is neither a section nor NAME = VALUE")
        }
        let name = value[..<sign].trimmedOfSpace.lowercased()
        guard sections[sections.count - 1].settings[name] == nil else {
            throw Mistake(line: number, text: "a setting is there twice in its section")
        }
        sections[sections.count - 1].settings[name] = ""
        setting = (name, [value[value.index(after: sign)...].trimmedOfSpace])
    }

    private mutating func endSetting() {
        guard let (name, lines) = setting else { return }
        setting = nil
        let text = lines.joined(separator: "\n")
        let end = text.lastIndex { !$0.isWhitespace }
        // Where nothing follows the sign and more lines do, the value begins with a line end: settings inside a setting.
        sections[sections.count - 1].settings[name] = end.map { String(text[...$0]) } ?? ""
    }

    /// The settings inside of a setting, such as those of one service.
    static func nested(_ value: String) -> [String: String] {
        guard value.hasPrefix("\n") else { return [:] }
        let pairs = value.split(separator: "\n")
            .compactMap { line -> (String, String)? in
                guard let sign = line.firstIndex(of: "=") else { return nil }
                return (String(line[..<sign].trimmedOfSpace), String(line[line.index(after: sign)...].trimmedOfSpace))
            }
        return Dictionary(pairs) { $1 }
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without white space at both ends.
    fileprivate var trimmedOfSpace: Substring {
        let rest = drop(while: \.isWhitespace)
        guard let end = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return rest[...end]
    }
}
#endif
