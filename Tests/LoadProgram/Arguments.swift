/// Arguments in order, and options with a value.
struct Arguments {
    private var words: [String] = []
    private var options: [String: String] = [:]
    private static let flags: Set = ["--one-secret", "--warm"]

    init(_ arguments: some Sequence<String>) {
        var name: String?
        for argument in arguments {
            if let option = name {
                options[option] = argument
                name = nil
            } else if Self.flags.contains(argument) {
                options[argument] = "yes"
            } else if argument.hasPrefix("--") {
                name = argument
            } else {
                words.append(argument)
            }
        }
    }

    mutating func next() -> String { words.isEmpty ? "" : words.removeFirst() }

    func has(_ flag: String) -> Bool { options[flag] != nil }

    func text(_ name: String) -> String? { options[name] }

    func int(_ name: String, _ standard: Int) -> Int { options[name].flatMap { Int($0) } ?? standard }
}
