import JSON5Syntax
import KeyHooks
import LightFoundation
import ServerSettings

/// What is at a KV v2 path.
enum BaoContent: Sendable {
    /// The fields of one version, an object; it prints no value.
    case fields(JSONNode)
    case absent(AbsenceReason)
}

extension BaoContent: CustomReflectable {
    /// Leaves the fields out.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Why there is no data, as far as the server said.
enum AbsenceReason: Hashable, Sendable {
    case missing
    case deleted(version: Int?)
    case destroyed(version: Int?)

    /// The version that is gone.
    var version: Int? {
        switch self {
        case .missing: nil
        case .deleted(let version), .destroyed(let version): version
        }
    }

    /// In words; of a path that seems to begin with the mount, how to write it.
    func description(of address: SecretAddress) -> String {
        let what = version.map { "version \($0)" } ?? "the version"
        return switch self {
        case .missing: "there is no such secret" + (address.misplacement.map { "; \($0.reason)" } ?? "")
        case .deleted: "\(what) is deleted; 'bao kv undelete' brings it back"
        case .destroyed: "\(what) is destroyed"
        }
    }
}

extension OpenBaoResponse {
    /// What a reply to reading a KV v2 path means.
    ///
    /// The texts are those of OpenBao 2.7.2. An unknown one of a 403 counts as a token that may have died: one login
    /// and one repetition find out.
    ///
    /// - Throws: A ``BaoFailure``; one ``BaoFailure/isOfToken`` is what it comes to if there is no other token.
    func secret(at address: SecretAddress, now: Date) throws(BaoFailure) -> SourceReading<BaoContent> {
        if let inlineRefusal { throw inlineRefusal }
        switch status {
        case 200...299 where isOwn: return try fields(at: address, now)
        case 404 where isOwn: return .absent(content: .absent(try absence(of: address)))
        case 403 where isOwn: throw refusal(of: address)
        default: throw BaoFailure(self, reading: address.place, now: now)
        }
    }

    private func fields(
        at address: SecretAddress,
        _ now: Date
    ) throws(BaoFailure) -> SourceReading<BaoContent> {
        guard let fields = json?["data"]?["data"], fields.members != nil else {
            throw BaoFailure(
                .unavailable,
                "the reply for \(address.place) isn't a secret of KV v2",
                remedy: "check that the address is OpenBao's and that the mount is a KV engine of version 2"
            )
            .through(proxy)
        }
        var reading = SourceReading.found(
            BaoContent.fields(fields),
            version: version.map(String.init),
            // A date that cannot be read counts as past, since it says that there is an end; a second that has begun
            // does too.
            expiresAt: deletionTime.map { ServerDate.second($0) ?? .distantPast }
        )
        reading.rank = rank(now: now)
        reading.createdAt = (metadata?["created_time"]?.string).flatMap(ServerDate.parse)
        reading.metadata = customMetadata
        return reading
    }

    /// Why there is nothing, or why that is not believed.
    func absence(of address: SecretAddress) throws(BaoFailure) -> AbsenceReason {
        func failure(_ code: KeyResolutionError.Code, _ message: String, _ remedy: String) -> BaoFailure {
            BaoFailure(code, message, remedy: remedy).through(proxy)
        }
        if let metadata, metadata.members != nil {
            guard describesDeletion, json?["data"]?["data"]?.members == nil else {
                throw failure(
                    .unavailable,
                    "a 404 for \(address.place) that does not say which version is gone, or has it",
                    "check the address and the proxy: OpenBao does not answer so"
                )
            }
            return metadata["destroyed"]?.kind == .bool(true)
                ? .destroyed(version: version) : .deleted(version: version)
        }
        if says("no handler for route") {
            throw failure(
                .invalidConfiguration,
                "there is no mount for \(address.place)",
                "check 'mount' and 'namespace'"
            )
        }
        if says("namespace not found") {
            throw failure(.invalidConfiguration, "there is no namespace for \(address.place)", "check 'namespace'")
        }
        if json?["warnings"]?.elements?.isEmpty == false {
            throw failure(.invalidConfiguration, "\(address.place) isn't a path of KV v2", "check 'mount' and 'path'")
        }
        // An absence needs OpenBao's own word for it.
        guard json?["errors"]?.elements?.isEmpty == true else {
            throw failure(
                .unavailable,
                "a 404 for \(address.place) with an error that is not known",
                "check the address, and see the server's log"
            )
        }
        return .missing
    }

    /// What a 403 means.
    ///
    /// - Parameters:
    ///   - address: The secret.
    ///   - words: What was to be done, the capability that it needs, and the part of the mount that it is of; nil for an
    ///     engine of version 1, which has none.
    /// - Returns: A denial, or that the token isn't accepted.
    func refusal(
        of address: SecretAddress,
        _ words: (doing: String, capability: String, part: String?) = ("reading", "read", "data")
    ) -> BaoFailure {
        var failure: BaoFailure
        if errors == ["permission denied"] {
            failure = .tokenRefused
        } else {
            let path = (address.mount + [words.part].compactMap(\.self) + address.path).joined(separator: "/")
            failure = BaoFailure(
                .denied,
                "OpenBao denies \(words.doing) \(address.place)",
                remedy:
                    "give the token a policy with \(words.capability) on \(path); if it is a wrapping token, unwrap it first"
            )
        }
        failure.isOfToken = !says("1 error occurred:")
        return failure.through(proxy)
    }
}

extension OpenBaoResponse {
    /// That the server refuses the login that a request brought; nil if it brought none, or one that was taken.
    var inlineRefusal: BaoFailure? {
        guard isOwn, [400, 403, 404].contains(status), headers["x-vault-inline-auth-failed"]?.lowercased() == "true"
        else { return nil }
        var failure = BaoFailure(
            .unauthenticated,
            "OpenBao refuses the login that the request brought (\(status))",
            remedy: "check the credentials, the mount and the namespace of the login, and that the server has 'inline' "
                + "logins: OpenBao 2.4 or later"
        )
        failure.isOfToken = true
        return failure.through(proxy)
    }

    /// What people wrote down about the secret: no more of it than OpenBao itself takes.
    private var customMetadata: [String: String] {
        guard let members = metadata?["custom_metadata"]?.members else { return [:] }
        var texts: [String: String] = [:]
        for member in members.prefix(64) {
            guard let text = member.value.string else { continue }
            texts[displayText(member.name, limit: 128)] = displayText(text, limit: 512)
        }
        return texts
    }

    /// What the server says about the version, in a secret and in what tells of one that is gone.
    var metadata: JSONNode? { json?["data"]?["metadata"] ?? json?["data"] }

    private var version: Int? {
        guard case .number(let number)? = metadata?["version"]?.kind else { return nil }
        return number.int
    }

    private var deletionTime: String? { metadata?["deletion_time"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// Whether it says which version is gone, and that it was deleted or destroyed.
    var describesDeletion: Bool {
        version != nil && (metadata?["destroyed"]?.kind == .bool(true) || deletionTime != nil)
    }

    /// How new the version is by what the server says about it; nil if that is nothing.
    ///
    /// A date to come says nothing: a lower version would pass as made anew. Clocks may differ by some minutes.
    func rank(now: Date) -> CacheRank? {
        guard let version else { return nil }
        let created = (metadata?["created_time"]?.string).flatMap(ServerDate.parse)
        return CacheRank(version: version, createdAt: created.flatMap { $0 > now + 300 ? nil : $0 })
    }
}
