#if CLI
import ArgumentParser
import JSON5Syntax
import KeyHooks

/// Writes a secret.
struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Write a secret into a secret manager.",
        discussion: """
            The value is asked for and not shown, or read from standard input, without the line end at its end. Where \
            the manager can, nothing is overwritten that somebody else writes meanwhile. Exits 0 if the secret has the \
            value now, 2 if it can't be written, 3 if that was denied.

            Example: keyhooks set providers --field OPENAI_API_KEY --manager team
            """
    )

    @OptionGroup var secret: SecretArgument

    @Option(help: ArgumentHelp("What the secret is for, for managers that keep that; no value.", valueName: "text"))
    var description: String?

    @OptionGroup var value: NewValue

    @OptionGroup var options: ConfigurationOptions

    func validate() throws { try secret.refuseValue(value.value) }

    func run() async throws {
        try await options.withManagers { resolver in
            let secrets = try resolver.secrets(in: secret.manager)
            // Nobody is to type a value for nothing.
            try secrets.require(.write)
            let value = try value.obtain(for: secret.title)
            let write = SecretWriteOptions(description: description)
            var report = SecretReport(secret, status: .written)
            if let field = secret.field {
                report.version = try await secrets.write(value, toField: field, of: secret.secret, write)
            } else {
                let old = secrets.access.isReadable ? try await secrets.whole(secret.secret) : nil
                if let old, old.content == .text(value) {
                    report.status = .unchanged
                } else {
                    let condition = old.map { SecretCondition.isUnchanged(since: $0) } ?? .isAbsent
                    let isKnown = secrets.access.isReadable && secrets.can(.checkAndSet)
                    report.version = try await secrets.write(
                        .text(value),
                        to: secret.secret,
                        if: isKnown ? condition : nil,
                        write
                    )
                }
            }
            try report.show(asJSON: options.json)
        }
    }
}

/// Replaces a secret.
struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace a secret: write the new value, read it back, and only then retire the old one.",
        discussion: """
            The new value is asked for and not shown, read from standard input, or made by --generate. It stops before \
            the old one is retired if anything fails, and says what was written. Exits 0 if it is done, 1 if there is no \
            such secret, 2 if it stopped, 3 if it was denied.

            Of a secret with fields, --field replaces one that is there and carries the others over.

            Example: keyhooks rotate signing-key --generate 64 --manager team
            """
    )

    @OptionGroup var secret: SecretArgument

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Write the new secret under this name, with all fields, and delete the old one.",
            valueName: "name"
        )
    )
    var newName: String?

    @OptionGroup var value: NewValue

    @OptionGroup var options: ConfigurationOptions

    func validate() throws {
        try secret.refuseValue(value.value, besides: newName)
        try newName?.checkSecretName()
    }

    func run() async throws {
        try await options.withManagers { resolver in
            let secrets = try resolver.secrets(in: secret.manager)
            for operation in [SecretOperation.read, .write] { try secrets.require(operation) }
            let old =
                secret.field == nil ? try await secrets.whole(secret.secret) : try await secrets.read(secret.secret)
            guard let old else {
                throw KeyResolutionError(
                    .absent,
                    "'\(secret.manager)' has no secret '\(displayText(secret.secret))' that could be rotated",
                    remedy:
                        "correct its name, or write it first: keyhooks set \(FileFault.shellWord(secret.secret)) --manager "
                        + FileFault.shellWord(secret.manager)
                )
            }
            let value = try value.obtain(for: secret.title)
            let rotation =
                if let field = secret.field {
                    try await secrets.rotate(secret.secret, field: field, to: value, as: newName)
                } else {
                    try await secrets.rotate(secret.secret, from: old, to: .text(value), as: newName)
                }
            var report = SecretReport(secret, status: .rotated)
            (report.version, report.isOldRetired) = (rotation.version, rotation.isOldRetired)
            report.newName = newName
            try report.show(asJSON: options.json)
        }
    }
}

/// What became of a secret; never its value.
struct SecretReport: Encodable {
    enum Status: String, Encodable {
        case written, unchanged, rotated, deleted
    }

    let manager: String
    let secret: String
    var field: String?
    var status: Status
    var version: String?
    var newName: String?
    var isOldRetired: Bool?

    init(_ argument: SecretArgument, status: Status) {
        (manager, secret, field) = (argument.manager, argument.secret, argument.field)
        self.status = status
    }

    func show(asJSON: Bool) throws { try StandardOutput.write(self, asJSON: asJSON, text: text + "\n") }

    private var text: String {
        let name = displayText(newName ?? secret) + (field.map { ", field \(displayText($0))" } ?? "")
        let end = version.map { " (version \(displayText($0)))" } ?? ""
        return switch status {
        case .written: "\(manager): \(name) is written\(end)"
        case .unchanged: "\(manager): \(name) has this value already; nothing was written"
        case .deleted: "\(manager): \(name) is deleted"
        case .rotated:
            "\(manager): \(name) is written and read back\(end); "
                + (newName != nil
                    ? "\(displayText(secret)) is deleted, with all its fields carried over"
                    : isOldRetired == true ? "the old one is retired" : "the manager can't retire the old version")
        }
    }
}

extension SecretArgument {
    /// The secret in a question.
    var title: String { displayText(secret) + (field.map { ", field \(displayText($0))" } ?? "") }
}

extension ManagedSecrets {
    /// A secret that is to be replaced as a whole; refuses one with fields, of which a single text would leave nothing.
    fileprivate func whole(_ name: String) async throws -> StoredSecret? {
        let secret = try await read(name)
        guard let fields = secret?.content.fieldNames else { return secret }
        let names = fields.isEmpty ? "" : " (\(fields.map { displayText($0) }.joined(separator: ", ")))"
        throw KeyResolutionError(
            .unknownField,
            "\(displayText(name)) has fields\(names), and a value "
                + "without --field would replace them all",
            remedy: "name the field with --field, or delete the secret first"
        )
    }
}
#endif
