#if CLI
import ArgumentParser
import KeyHooks
import LightFoundation

/// Where the new value of a secret comes from: never from an argument, which other users and a shell's history see.
struct NewValue: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Make a value of so many letters and digits, from 16 to 4096, and show it to nobody.",
            valueName: "length"
        )
    )
    var generate: Int?

    @Option(help: .hidden)
    var value: String?

    @Flag(help: "Keep a line end at the end of standard input, which is cut otherwise.")
    var exact = false

    private static let limit = 1 << 20
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    func validate() throws {
        guard let generate, !(16...4096).contains(generate) else { return }
        throw ValidationError("--generate takes a length from 16 to 4096")
    }

    /// The value: made, typed without being shown, or read from standard input.
    ///
    /// - Parameter name: What it is the value of.
    /// - Returns: The value, which isn't empty.
    /// - Throws: A `KeyResolutionError` if there is none.
    func obtain(for name: String) throws(KeyResolutionError) -> String {
        if let generate {
            // The system's own generator, which is made for secrets.
            var generator = SystemRandomNumberGenerator()
            return String((0..<generate).compactMap { _ in Self.letters.randomElement(using: &generator) })
        }
        let isTyped = isatty(STDIN_FILENO) == 1
        if isTyped, !Terminal.isThere {
            throw Self.refusal("standard error isn't a terminal, so nobody would see the question for the value")
        }
        var bytes = isTyped ? try Terminal.hiddenLine("Value of \(name) (not shown): ") : try Self.standardInput()
        if !isTyped, !exact, bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else {
            throw Self.refusal("there is no value: \(isTyped ? "the line" : "standard input") is empty")
        }
        guard let value = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw Self.refusal("the value isn't text in UTF-8\(bytes.contains(0) ? ": it has a NUL" : "")")
        }
        return value
    }

    private static func standardInput() throws(KeyResolutionError) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refusal("standard input can't be read") }
            guard count > 0 else { return all }
            all += buffer[..<count]
            guard all.count <= limit else { throw refusal("the value has more than \(limit) bytes") }
        }
    }

    /// Nothing was written, since the value wasn't given as it has to be.
    private static func refusal(_ what: String) -> KeyResolutionError {
        KeyResolutionError(
            .invalidScope,
            "\(what); nothing was written",
            remedy: "give it on standard input, or type it when you are asked"
        )
    }
}

/// The secret that a command is about.
struct SecretArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The secret's name in its manager.", valueName: "secret"))
    var secret: String

    @Argument(help: .hidden)
    var more: [String] = []

    @Option(
        help: ArgumentHelp("The secret manager, one of those under 'managers' in the configuration.", valueName: "name")
    )
    var manager: String

    @Option(help: ArgumentHelp("One field of the secret; the others stay as they are.", valueName: "name"))
    var field: String?

    func validate() throws {
        try secret.checkSecretName()
        if field?.isEmpty == true { throw ValidationError("an empty name after --field names no field") }
    }

    /// Refuses a value among the arguments: what stands behind a name likely is one, and what stands behind `=` in it.
    ///
    /// - Parameters:
    ///   - given: What stands behind `--value`.
    ///   - name: Another name that was given.
    /// - Throws: A `ValidationError` that repeats nothing.
    func refuseValue(_ given: String?, besides name: String? = nil) throws {
        guard given != nil || !more.isEmpty else { return try [secret, manager, field, name].refuseValues() }
        throw Self.refusal
    }

    fileprivate static var refusal: ValidationError {
        ValidationError(
            "a value is never an argument, where other users and your shell's history see it; it isn't repeated here, "
                + "and nothing was done. Give it on standard input, as in 'keyhooks set NAME --manager TEAM < FILE', or "
                + "leave it out and type it"
        )
    }
}

extension [String?] {
    /// Refuses a value where a name belongs: what looks like a key, and what stands behind `=`.
    func refuseValues() throws {
        if contains(where: { $0.map { $0.contains("=") || PastedKey.isIn($0) } ?? false }) {
            throw SecretArgument.refusal
        }
    }
}

extension String {
    /// Refuses what can't be the name of a secret.
    func checkSecretName() throws {
        guard let mistake = SecretName.mistake(in: self) else { return }
        throw ValidationError("the name of the secret \(mistake.reason): \(mistake.remedy)")
    }
}
#endif
