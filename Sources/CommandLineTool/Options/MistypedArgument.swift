#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks

/// An argument as people type or paste it, that the argument parser would misread or call unknown without more words.
struct MistypedArgument {
    /// What is wrong, and what to write; of the argument it repeats nothing but the name of an option, since anything
    /// may have been pasted there.
    let text: String

    /// Finds the first one; nil if there is none.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the tool.
    ///   - root: The command with all others below it.
    ///   - isRefused: Whether the argument parser has refused them, and named something else than an unknown option.
    init?(in arguments: [String], of root: any ParsableCommand.Type, isRefused: Bool = false) {
        // To know a command's options costs more than all the rest of a quick answer.
        let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map { $0.prefix { $0 != "=" } }
        guard
            isRefused || arguments.first?.hasPrefix("--") == true || arguments.contains(where: Command.isOdd)
                || Set(options).count < options.count
        else { return nil }
        var command = Command(root)
        for (index, word) in arguments.enumerated() {
            if let fault = command.read(word, at: "argument \(index + 1)", isRefused: isRefused) {
                text = "\(fault)\(fault.hasSuffix("?") ? "" : ".") See '\(command.path) --help'"
                return
            }
            command = command.next ?? command
        }
        return nil
    }

    /// Finds a word that stands where a command belongs and is none; nil if there is none.
    ///
    /// The argument parser only counts such words as unexpected arguments. A key that was pasted there is not repeated.
    ///
    /// - Parameters:
    ///   - arguments: The arguments of the tool.
    ///   - root: The command with all others below it.
    init?(commandIn arguments: [String], of root: any ParsableCommand.Type) {
        var command = Command(root)
        for word in arguments {
            let isHelp = word == "help" && !command.path.contains(" ")
            guard !command.commands.isEmpty, !word.hasPrefix("-"), !isHelp else { return nil }
            guard let next = command.below(word) else {
                let isKey = PastedKey.isIn(word) || PastedKey.isInPlaceOfService(word)
                let name = isKey ? "command of this name" : "command '\(displayText(word))'"
                let meant = word == "version" ? "--version" : closestMatch(to: word, among: command.commands)
                let question = meant.map { " Did you mean '\($0)'?" } ?? ""
                text =
                    "there is no \(name).\(question) The commands are: \(command.commands.joined(separator: ", ")). "
                    + "See '\(command.path) --help'"
                return
            }
            command = next
        }
        return nil
    }
}

/// A command and what it understands.
private final class Command {
    private let type: any ParsableCommand.Type
    let path: String
    /// The long options, and whether a value follows.
    private lazy var options = Self.options(of: type)
    /// The option that was read last.
    private var latest = ""
    private var isWaitingForValue = false
    /// The options with a value that were read.
    private var given: Set<String> = []
    private var isPastOptions = false
    /// The command below, once its name was read.
    private(set) var next: Command?

    init(_ type: any ParsableCommand.Type, below path: String = "") {
        self.type = type
        self.path = path + Self.name(of: type)
    }

    var commands: [String] {
        type.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map(Self.name)
    }

    /// The command below that has this name, if there is one.
    func below(_ word: String) -> Command? {
        type.configuration.subcommands.first { Self.name(of: $0) == word }.map { Command($0, below: "\(path) ") }
    }

    /// Reads the next argument.
    ///
    /// - Parameters:
    ///   - word: The argument.
    ///   - place: What it is called.
    ///   - isRefused: Whether the argument parser refused the arguments.
    /// - Returns: What is wrong with it, with its place; nil if the argument parser has the words for it, or nothing is.
    func read(_ word: String, at place: String, isRefused: Bool) -> String? {
        if word.unicodeScalars.contains("\u{FFFD}") {
            return
                "\(place) has bytes that are not UTF-8, and arrives changed. Go into the folder that is called so, or "
                + "give what it names another name"
        }
        if isWaitingForValue, !word.hasPrefix("-") || word == "-" {
            isWaitingForValue = false
            return word == "-" ? faultOfStandardInput : nil
        }
        if isPastOptions {
            return option(meantBy: word).map { "after '--' nothing is an option. Write \($0) before it" }
        }
        if word == "-" { return faultOfDash }
        isPastOptions = word == "--"
        if isPastOptions { return nil }
        if let fault = faultOfOption(word, at: place, isRefused: isRefused) { return fault }
        if word.hasPrefix("-") {
            latest = word
            let name = String(word.prefix { $0 != "=" })
            // Of two values the parser takes the last without a word; only of these files there may be several.
            if options[name] == true, name != "--env-file", !given.insert(name).inserted {
                return "\(name) is given twice. Leave one out"
            }
            isWaitingForValue = !word.contains("=") && options[word] == true
        } else {
            next = below(word)
        }
        return nil
    }

    /// Of a path that is `-`, where this tool reads standard input or does not.
    private var faultOfStandardInput: String? {
        latest == "--env-file"
            ? nil : "'-' is not read from standard input after \(latest). Write what it is, or its path"
    }

    private var faultOfDash: String {
        "'-' stands for standard input elsewhere, and nothing is read from it here. "
            + (path == Self.name(of: KeyHooksTool.self) ? "Write a command" : "Write the name itself, or leave it out")
    }

    /// The option that was probably meant: dashes, capitals and underscores aside.
    private func option(meantBy word: String) -> String? {
        let scalars = Array(word.unicodeScalars)
        let dashes = scalars.prefix { $0 == "-" || $0.isOtherDash }
        guard !dashes.isEmpty else { return nil }
        var name = ""
        for scalar in scalars.dropFirst(dashes.count).prefix(while: { $0 != "=" }) {
            name.unicodeScalars.append(scalar == "_" || scalar.isOtherDash ? "-" : scalar)
        }
        guard !name.isEmpty else { return nil }
        let option = "--\(name.lowercased())"
        if options[option] != nil { return option }
        let known = options.keys.sorted()
        let beginning = known.filter { $0.hasPrefix(option) }
        if beginning.count == 1 { return beginning[0] }
        return name.unicodeScalars.count > 1 ? closestMatch(to: option, among: known) : nil
    }

    private func faultOfOption(_ word: String, at place: String, isRefused: Bool) -> String? {
        let scalars = Array(word.unicodeScalars)
        if let dash = scalars.prefix(while: { $0 == "-" || $0.isOtherDash }).first(where: \.isOtherDash) {
            let code = String(dash.value, radix: 16, uppercase: true)
            let advice =
                option(meantBy: word).map { "Write \($0), with two hyphens" }
                ?? "Type it with '-', which is U+002D"
            return
                "\(place) begins with a dash that is not a hyphen (U+\(code)), as texts that were copied have it. \(advice)"
        }
        guard word.hasPrefix("-"), options[String(word.prefix { $0 != "=" })] == nil else { return nil }
        if let option = option(meantBy: word) {
            return "\(refusal(of: word, at: place)). Did you mean '\(option)'?"
        }
        if let command = commands.first(where: { word == "--\($0)" || word == "-\($0)" }) {
            return "\(refusal(of: word, at: place)). '\(command)' is a command, and has no dashes before it"
        }
        // Of a word with one dash the parser names the first letter, as if it were an option of its own.
        let isOne = word.hasPrefix("--") && !isRefused || word.dropFirst().allSatisfy { options["-\($0)"] != nil }
        return isOne ? nil : refusal(of: word, at: place)
    }

    /// Says that an argument isn't an option; one that is an option's name, or how one begins, but for dashes, capitals
    /// and underscores, is shown.
    private func refusal(of word: String, at place: String) -> String {
        let written = String(word.prefix { $0 != "=" })
        let name = written.replacing("_", with: "-").lowercased().drop { $0 == "-" }
        let isOption = !name.isEmpty && options.keys.contains { $0.hasPrefix("--\(name)") }
        return isOption ? "there is no option '\(written)'" : "\(place) isn't a valid option"
    }

    /// Whether a word is something else than a plain word, or an option as they are written.
    static func isOdd(_ word: String) -> Bool {
        if word.unicodeScalars.contains("\u{FFFD}") { return true }
        guard let first = word.unicodeScalars.first, first == "-" || first.isOtherDash else { return false }
        if ["-n", "-h"].contains(word) { return false }
        let name = word.utf8.dropFirst(2).prefix { $0 != UInt8(ascii: "=") }
        return !word.hasPrefix("--") || name.isEmpty
            || !name.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// The options that the help lists, as in `  --config <path>  Read this …` and `  -h, --help  Show …`.
    private static func options(of type: any ParsableCommand.Type) -> [String: Bool] {
        // The second isn't in the help: it is refused with the reason.
        var options = ["--version": false, "--value": true]
        for line in KeyHooksTool.helpMessage(for: type, columns: 200).split(separator: "\n") where line.hasPrefix("  -")
        {
            let names = line.dropFirst(2)
            let listed = names.firstRange(of: "  ").map { names[..<$0.lowerBound] } ?? names
            let takesValue = listed.contains("<")
            for word in listed.split(whereSeparator: { ", ".contains($0) }) where word.hasPrefix("-") {
                options[String(word)] = takesValue
            }
        }
        return options
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)"
    }
}

extension Unicode.Scalar {
    /// Whether it is a dash or a sign that looks like a hyphen and is none.
    var isOtherDash: Bool {
        switch value {
        case 0xAD, 0x2010...0x2015, 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D: true
        default: false
        }
    }
}
#endif
