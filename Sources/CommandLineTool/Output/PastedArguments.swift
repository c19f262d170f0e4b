#if CLI
import KeyHooks

/// Keys that were pasted among the arguments, where none belongs: no remark repeats them.
enum PastedArguments {
    private static let keys = Set(CommandLine.arguments.dropFirst().flatMap(words).filter(PastedKey.isIn))
        .sorted { $0.count > $1.count }

    /// An argument, and the parts of it that may have been pasted.
    private static func words(of argument: String) -> [String] {
        let bare = String(argument.unicodeScalars.drop { $0 == "-" || $0.isOtherDash })
        return [argument, bare] + bare.split(separator: "=", maxSplits: 1).map(String.init)
    }

    /// Whether a text shows one.
    static func areIn(_ text: String) -> Bool { keys.contains(where: text.contains) }

    /// The text without them.
    static func hidden(in text: String) -> String {
        keys.reduce(text) { $0.replacing($1, with: "[hidden]") }
    }
}
#endif
