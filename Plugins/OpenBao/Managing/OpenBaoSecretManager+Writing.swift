import JSON5Syntax
public import KeyHooks
import ServerSettings

extension OpenBaoSecretManager: CheckAndSetSecretManager {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    @discardableResult
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        try await write(content, to: name, version: nil, options)
    }

    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    @discardableResult
    public func write(
        _ content: SecretContent,
        to name: SecretName,
        if condition: SecretCondition,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        guard let expected = condition.expected else {
            do {
                return try await write(content, to: name, version: 0, options)
            } catch let error as KeyResolutionError where error.code == .conflict {
                // What was deleted keeps its versions, and 0 stands for none at all.
                let address = try address(of: name, options.call)
                let reading = try await run { try await reader.read(address, within: options.call.timeout) }
                guard case .absent(let absence)? = reading.content, let last = absence.version else { throw error }
                return try await write(content, to: name, version: last, options)
            }
        }
        guard let version = expected.version.flatMap({ Int($0) }) else {
            throw KeyResolutionError.invalidConfiguration(
                "\(name) can be compared by its version only, and what it is to be compared with has none",
                remedy: "read it from OpenBao first"
            )
        }
        return try await write(content, to: name, version: version, options)
    }

    private func write(
        _ content: SecretContent,
        to name: SecretName,
        version: Int?,
        _ options: SecretWriteOptions
    ) async throws -> String? {
        let fields = content.node(textIn: Self.textField)
        try Self.refuseRounding(fields, of: name)
        var members = [JSONMember("data", fields)]
        if let version { members.append(JSONMember("options", .object(["cas": .integer(version)]))) }
        let address = try address(of: name, options.call)
        let reply: OpenBaoResponse
        do {
            reply = try await change(
                address,
                "POST",
                "data",
                JSONNode(.object(members)),
                ("writing", "create and update"),
                options.call
            )
        } catch let error as KeyResolutionError where error.code == .conflict {
            throw await withVersion(error, of: address, options.call)
        }
        let written = reply.json?["data"]?["version"]?.wholeNumber.map(String.init)
        try await describe(address, written, options)
        return written
    }

    /// The same conflict with the version that the secret has now, as far as the token may know it.
    private func withVersion(
        _ conflict: KeyResolutionError,
        of address: SecretAddress,
        _ options: SecretOptions
    ) async -> KeyResolutionError {
        guard
            let reply = try? await look(address.urlPath(of: "metadata"), address, ("reading", "read"), options),
            let version = reply.json?["data"]?["current_version"]?.wholeNumber
        else { return conflict }
        let message = "\(conflict.message); it is at version \(version) now"
        return KeyResolutionError(conflict.code, message, remedy: conflict.remedy)
    }

    /// Changes some fields of a secret and leaves its others as they are; the server puts them together.
    ///
    /// - Parameters:
    ///   - fields: What the fields are to hold; nil takes a field out.
    ///   - name: The secret, which must be there.
    ///   - options: The deadline and the parameters.
    /// - Returns: The version that was written.
    /// - Throws: A `KeyResolutionError`; `absent` if there is no such secret.
    @discardableResult
    public func patch(
        _ fields: [String: String?],
        of name: SecretName,
        _ options: SecretOptions = SecretOptions()
    ) async throws -> String? {
        let members = fields.sorted { $0.key < $1.key }
            .map { JSONMember($0.key, $0.value.map { .string($0) } ?? .null) }
        let address = try address(of: name, options)
        let body = JSONNode.object(["data": JSONNode(.object(members))])
        let reply = try await change(address, "PATCH", "data", body, ("patching", "patch"), options)
        return reply.json?["data"]?["version"]?.wholeNumber.map(String.init)
    }

    /// Refuses numbers that OpenBao wouldn't give back as they are: it keeps them as 64-bit floating-point ones.
    private static func refuseRounding(_ fields: JSONNode, of name: SecretName) throws(KeyResolutionError) {
        for member in fields.members ?? [] where member.value.hasNumberToRound {
            throw .invalidConfiguration(
                "the field \(displayText(member.name)) of \(name) has a number that OpenBao would round or rewrite",
                remedy: "write it as a text"
            )
        }
    }

    /// Writes what is said of a secret that was just written.
    private func describe(_ address: SecretAddress, _ version: String?, _ options: SecretWriteOptions) async throws {
        var words = options.tags
        if let description = options.description { words["description"] = description }
        guard !words.isEmpty else { return }
        let members = words.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) }
        let body = JSONNode.object(["custom_metadata": JSONNode(.object(members))])
        do {
            _ = try await change(address, "PATCH", "metadata", body, ("describing", "patch"), options.call)
        } catch let error as KeyResolutionError {
            throw KeyResolutionError(
                .pluginFailed,
                "\(address.place) was written\(version.map { " as version \($0)" } ?? ""), and its description and tags "
                    + "weren't: \(error.message)",
                remedy: error.remedy
            )
        }
    }
}

extension OpenBaoSecretManager {
    /// Sends a change, and says what a refusal means.
    func change(
        _ address: SecretAddress,
        _ method: String,
        _ part: String,
        _ body: JSONNode?,
        _ words: (doing: String, capability: String),
        _ options: SecretOptions
    ) async throws -> OpenBaoResponse {
        var request = BaoRequest(method: method, path: address.urlPath(of: part), namespace: address.namespace)
        request.body = try body?.jsonBytes()
        request.isWrite = true
        if method == "PATCH" { request.contentType = "application/merge-patch+json" }
        let date = reader.client.clock.date
        return try await run {
            try await reader.send(request, within: options.timeout, changing: address) { reply in
                switch reply.status {
                case 200...299 where reply.isOwn: nil
                case 400 where reply.says("check-and-set parameter did not match"):
                    BaoFailure(
                        .conflict,
                        "\(address.place) isn't as it was: somebody else has written it meanwhile",
                        remedy: "read it again, and write it on top of that"
                    )
                case 400 where reply.says("check-and-set parameter required"):
                    .invalidConfiguration(
                        "the mount takes no write of \(address.place) without a condition (cas_required)",
                        remedy: "write on the condition that it is as it was read, or that it is absent"
                    )
                case 403 where reply.isOwn: reply.refusal(of: address, (words.doing, words.capability, part))
                case 404 where reply.isOwn: reply.absenceOfTarget(address)
                default: BaoFailure(reply, reading: address.place, now: date())
                }
            }
        }
    }
}

extension OpenBaoResponse {
    /// Why there is nothing to change.
    fileprivate func absenceOfTarget(_ address: SecretAddress) -> BaoFailure {
        let nothing = BaoFailure(.absent, "there is no \(address.place)", remedy: "write it first, or correct the name")
        if json == nil { return nothing }
        do {
            let absence = try absence(of: address)
            return BaoFailure(.absent, absence.description(of: address), remedy: "write it first, or correct the name")
        } catch {
            return error
        }
    }
}

extension JSONNode {
    /// Whether a number in it comes back in other digits than it was written in.
    fileprivate var hasNumberToRound: Bool {
        switch kind {
        case .array(let elements): return elements.contains(where: \.hasNumberToRound)
        case .object(let members): return members.contains { $0.value.hasNumberToRound }
        case .number(let number):
            let text = (try? jsonBytes()).map { String(decoding: $0, as: UTF8.self) }
            return text != number.double.asGoWrites
        default: return false
        }
    }
}

extension Double {
    /// The number as Go's JSON has it; nil where that has an exponent.
    fileprivate var asGoWrites: String? {
        let text = "\(self)"
        let parts = text.split(separator: "e")
        guard parts.count == 2 else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
        guard let exponent = Int(parts[1]), (0..<21).contains(exponent) else { return nil }
        let mantissa = parts[0].split(separator: ".")
        let fraction = mantissa.count == 2 && mantissa[1] != "0" ? mantissa[1] : ""
        guard fraction.count <= exponent else { return nil }
        return mantissa[0] + fraction + String(repeating: "0", count: exponent - fraction.count)
    }
}

extension SecretAddress {
    /// The path of another part of the engine than the data.
    func urlPath(of part: String) -> String {
        "/" + (["v1"] + mount.map(percentEncoded) + [part] + path.map(percentEncoded)).joined(separator: "/")
    }
}
