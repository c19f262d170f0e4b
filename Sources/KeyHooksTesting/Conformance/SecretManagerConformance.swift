import JSON5Syntax
public import KeyHooks
import LightFoundation

/// Asks a ``SecretManager`` as programs do, and says which of the rules of secret managers it breaks.
///
/// ```swift
/// let check = SecretManagerConformance(of: Safe(client), failing: Safe(unreachableClient))
/// #expect(await check.failures(absent: "keyhooks/nothing", writable: "keyhooks/conformance") == [])
/// ```
///
/// - `absence`: a secret that isn't there is nil, twice, and no error.
/// - `outage`: a failure isn't an absence, twice, and the manager answers again after it.
/// - `bytes`: what is written is read back byte for byte, twice: blanks, line ends, quotes, `True`, `1.50`, JSON.
/// - `fields`: so are fields, with their names.
/// - `overwriting`: the next read has what was written last.
/// - `versions`: a version that it doesn't have is absent or refused, and is never answered with another one.
/// - `conditions`: of two writers under one condition, one writes and the other learns of it, also if the secret was
///   deleted meanwhile.
/// - `listing`: what was written is listed, under every prefix of its name, and what was deleted isn't.
/// - `deletion`: what was deleted is absent, and deleting it again is no error.
/// - `rotation`: a rotation under the same name leaves the new, and of the old no version that can be read.
/// - `secrecy`: no description of what was read shows a value.
/// - `parameters`: a parameter that it doesn't know is refused.
/// - `health`: a manager that can say how it does is healthy, and one that can't be reached isn't.
///
/// Rules of what the manager can't do are left out. It writes under one name, which it deletes at the end.
public struct SecretManagerConformance: Sendable {
    private let manager: any SecretManager
    private let failing: (any SecretManager)?
    private let values: [String]

    /// The texts that are written and read back.
    ///
    /// The last has a number of 20 digits, nested JSON, and a fraction with a zero at its end.
    public static let values = [
        " value\n", "", "True", "true", "1.50", "12345678901234567890", "\"quoted\"", "null",
        #"{"key":1}"#, #"{"a": {"b": [1.50, 12345678901234567890]}}"#,
    ]

    /// Says what is checked.
    ///
    /// - Parameters:
    ///   - manager: The manager.
    ///   - failing: The same over a store that can't be reached; nil leaves the rule `outage` out.
    ///   - values: The texts that are written and read back, for a store that documents which it doesn't take.
    public init(
        of manager: any SecretManager,
        failing: (any SecretManager)? = nil,
        values: [String] = SecretManagerConformance.values
    ) {
        self.manager = manager
        self.failing = failing
        self.values = values
    }

    /// Checks all rules.
    ///
    /// - Parameters:
    ///   - absent: The name of a secret that isn't there.
    ///   - writable: The name of a secret that may be written and deleted; nil if none may.
    ///   - takesFields: Whether a secret may have fields.
    /// - Returns: A line for each rule that is broken, with its name in front and without a value; nothing if none is.
    public func failures(absent: String, writable: String? = nil, takesFields: Bool = true) async -> [String] {
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        var failures: [String] = []
        for operation in SecretOperation.allCases where secrets.can(operation) {
            failures += await self.failures(of: operation, absent, writable, takesFields)
        }
        return failures
    }

    /// Checks the rules of what a manager can do.
    func failures(
        of operation: SecretOperation,
        _ absent: String,
        _ writable: String?,
        _ takesFields: Bool = true
    ) async -> [String] {
        let secrets = ManagedSecrets(in: manager, access: .readWrite)
        var failures: [String] = []
        func check(_ rule: String, _ body: () async throws -> String?) async {
            do {
                if let reason = try await body() { failures.append("\(rule): \(reason)") }
            } catch {
                let known = (error as? KeyResolutionError).map { "\($0.code): \($0.message)" }
                failures.append("\(rule): it fails: \(displayText(known ?? "\(type(of: error))", limit: 1024))")
            }
        }
        if operation == .read {
            await check("absence") { try await absenceFault(absent, in: secrets) }
            await check("parameters") { await parameterFault(absent, in: secrets) }
            if let failing { await check("outage") { try await outageFault(failing, absent) } }
        }
        if operation == .health { await check("health") { await healthFault(in: secrets) } }
        if operation == .list { await check("listing") { try await prefixFault(absent, in: secrets) } }
        guard let name = writable, secrets.can(.write) else { return failures }
        switch operation {
        case .read, .health: break
        case .write:
            await check("bytes") { try await bytesFault(name, in: secrets) }
            if takesFields { await check("fields") { try await fieldFault(name, in: secrets) } }
            await check("overwriting") { try await overwritingFault(name, in: secrets) }
            await check("versions") { try await versionFault(name, in: secrets) }
            await check("secrecy") { try await secrecyFault(name, in: secrets) }
        case .checkAndSet: await check("conditions") { try await conditionFault(name, in: secrets) }
        case .list: await check("listing") { try await listingFault(name, in: secrets) }
        case .rotate: await check("rotation") { try await rotationFault(name, in: secrets) }
        case .delete: await check("deletion") { try await deletionFault(name, in: secrets) }
        }
        return failures
    }
}

extension SecretManagerConformance {
    private func absenceFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        for _ in 1...2 where try await secrets.read(name) != nil { return "it has a secret that isn't there" }
        return nil
    }

    private func parameterFault(_ name: String, in secrets: ManagedSecrets) async -> String? {
        let options = SecretOptions(parameters: ["keyhooks-conformance": "1"])
        do {
            _ = try await secrets.read(name, options)
            return "a parameter that it doesn't know is ignored: call options.refuseParameters(besides:)"
        } catch {
            return nil
        }
    }

    private func healthFault(in secrets: ManagedSecrets) async -> String? {
        guard let health = await secrets.health(), health.state == .unreachable else { return nil }
        return "it says that it can't be reached"
    }

    private func outageFault(_ failing: any SecretManager, _ name: String) async throws -> String? {
        let secrets = ManagedSecrets(in: failing)
        for _ in 1...2 {
            do {
                _ = try await secrets.read(name)
                return "a store that can't be reached counts as one without the secret: throw"
            } catch let error as KeyResolutionError where KeyFallback.unavailable.allows(error) {
                continue
            } catch let error as KeyResolutionError {
                return "a store that can't be reached fails as '\(error.code)': throw unavailable"
            }
        }
        let health = await secrets.health()
        return health?.state == .healthy ? "it says that it is healthy while it can't be reached" : nil
    }

    private func bytesFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        for (index, value) in values.enumerated() {
            try await secrets.write(.text(value), to: name)
            for read in 1...2 {
                let found = try await secrets.read(name)?.content.text
                guard found != value else { continue }
                let isTrimmed = found?.filter { !$0.isWhitespace } == value.filter { !$0.isWhitespace }
                return "text \(index) of SecretManagerConformance.values is another one at read \(read)"
                    + (isTrimmed ? ": blanks or line ends were cut" : "")
            }
        }
        return nil
    }

    private func fieldFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        let values = self.values.enumerated().map { ("field\($0.offset)", $0.element) }
        try await secrets.write(.fields(Dictionary(uniqueKeysWithValues: values)), to: name)
        let content = try await secrets.read(name)?.content
        for (field, value) in values where content?[field] != value {
            return "\(field) is another text when it is read"
        }
        guard Set(content?.fieldNames ?? []) == Set(values.map(\.0)) else {
            return "it has other fields when it is read"
        }
        return nil
    }

    private func overwritingFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        for value in ["first", "second"] {
            try await secrets.write(.text(value), to: name)
            guard try await secrets.read(name)?.content.text == value else {
                return "a read after a write has an older value: does it keep a cache?"
            }
        }
        return nil
    }

    private func versionFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        try await secrets.write(.text("versioned"), to: name)
        do {
            guard try await secrets.read(name, SecretOptions(version: "999999999")) != nil else { return nil }
            return "a version that isn't there is answered with another one: call options.refuseVersion(), or read it"
        } catch let error as KeyResolutionError where error.code == .invalidConfiguration {
            return nil
        }
    }

    private func secrecyFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        let value = "keyhooks-conformance-\(UInt64.random(in: 0 ... .max))"
        try await secrets.write(.text(value), to: name)
        let secret = try await secrets.read(name)
        var texts = ["\(secret as Any)", String(reflecting: secret), "\(manager)", String(reflecting: manager)]
        dump(secret, to: &texts[0])
        dump(manager, to: &texts[2])
        return texts.contains { $0.contains(value) } ? "a description shows the value" : nil
    }

    private func conditionFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        try await secrets.write(.text("first"), to: name)
        guard let old = try await secrets.read(name) else { return "what was written isn't there" }
        try await secrets.write(.text("second"), to: name, if: .isUnchanged(since: old))
        for condition in [SecretCondition.isUnchanged(since: old), .isAbsent] {
            do {
                try await secrets.write(.text("third"), to: name, if: condition)
                return "it writes although the condition doesn't hold"
            } catch let error as KeyResolutionError where error.code == .conflict {
                continue
            }
        }
        guard try await secrets.read(name)?.content.text == "second" else {
            return "a refused write changed the secret"
        }
        guard secrets.can(.delete) else { return nil }
        try await secrets.delete(name)
        try await secrets.write(.text("third"), to: name)
        do {
            try await secrets.write(.text("fourth"), to: name, if: .isUnchanged(since: old))
            return "the version of a deleted secret is used again"
        } catch let error as KeyResolutionError where error.code == .conflict {
            return nil
        }
    }

    private func prefixFault(_ absent: String, in secrets: ManagedSecrets) async throws -> String? {
        _ = try await secrets.list(limit: 100)
        return try await secrets.list(absent, limit: 100).isEmpty
            ? nil : "names are listed that don't begin with the prefix"
    }

    private func listingFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        try await secrets.write(.text("listed"), to: name)
        for prefix in ["", String(name.prefix(1)), name] {
            let names = try await secrets.list(prefix).map(\.rawValue)
            if !names.contains(name) { return "a secret that is there isn't listed" }
            if !names.allSatisfy({ $0.hasPrefix(prefix) }) {
                return "names are listed that don't begin with the prefix"
            }
        }
        // What databases and shells take for patterns, and other letters of the same kind.
        let begin = name.dropLast()
        let others = ["\(begin)_", "\(begin)%", "\(begin)*", "\(begin)?", name.uppercased(), name.lowercased()]
        for prefix in others where !name.hasPrefix(prefix) {
            guard try await !secrets.list(prefix).contains(where: { $0.rawValue == name }) else {
                return "it takes a prefix for a pattern, or capitals for small letters"
            }
        }
        return nil
    }

    private func rotationFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        try await secrets.write(.text("rotated out"), to: name)
        let rotation = try await secrets.rotate(name, to: .text("rotated in"))
        guard let old = rotation.replacedVersion else { return nil }
        let gone = try? await secrets.read(name, SecretOptions(version: old))
        return gone == nil ? nil : "the version that was replaced can still be read"
    }

    private func deletionFault(_ name: String, in secrets: ManagedSecrets) async throws -> String? {
        try await secrets.write(.text("deleted"), to: name)
        for _ in 1...2 {
            try await secrets.delete(name)
            if try await secrets.read(name) != nil { return "a secret that was deleted is there" }
        }
        guard secrets.can(.list) else { return nil }
        // What can be brought back may be listed.
        try await secrets.delete(name, recoverableFor: .zero)
        return try await secrets.list(name).contains { $0.rawValue == name } ? "a deleted secret is listed" : nil
    }
}
