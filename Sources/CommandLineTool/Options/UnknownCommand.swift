#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks

/// A word that stands where a command belongs and is none.
///
/// The argument parser only counts such words as unexpected arguments.
struct UnknownCommand {
    private let word: String
    private let path: [String]
    private let commands: [String]

    /// Finds the word; nil if there is none, and nothing is to be said.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the tool.
    ///   - root: The command with all others below it.
    init?(in arguments: [String], of root: any ParsableCommand.Type) {
        var command = root
        var path = [Self.name(of: root)]
        for word in arguments {
            let below = command.configuration.subcommands
            guard !below.isEmpty, !word.hasPrefix("-"), path.count > 1 || word != "help" else { return nil }
            guard let next = below.first(where: { Self.name(of: $0) == word }) else {
                self.word = word
                self.path = path
                commands = below.map(Self.name)
                return
            }
            path.append(word)
            command = next
        }
        return nil
    }

    /// What to say of it; a key that was pasted there is not repeated.
    var text: String {
        let isKey = PastedKey.isIn(word) || PastedKey.isInPlaceOfService(word)
        let command = isKey ? "command of this name" : "command '\(displayText(word))'"
        let question =
            (word == "version" ? "--version" : closestMatch(to: word, among: commands)).map { " Did you mean '\($0)'?" }
            ?? ""
        return "there is no \(command).\(question) The commands are: \(commands.joined(separator: ", ")). "
            + "See '\(path.joined(separator: " ")) --help'"
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)"
    }
}
#endif
