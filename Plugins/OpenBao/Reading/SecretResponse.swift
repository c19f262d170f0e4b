import JSON5Syntax
import KeyHooks
import LightFoundation

/// What a reply to reading a KV v2 path means.
///
/// The texts are those of OpenBao 2.7.2. An unknown one of a 403 counts as a token that may have died: one login and
/// one repetition find out.
enum SecretResponse {
    case secret(SourceReading<SecretContent>)
    case absent(AbsenceReason)
    /// With what it comes to if there is no other token.
    case deadToken(BaoFailure)
    case failure(BaoFailure)

    init(_ reply: OpenBaoResponse, at address: SecretAddress, now: Date) {
        switch reply.status {
        case _ where !reply.isOwn: self = .failure(BaoFailure(reply, reading: address.place, now: now))
        case 200...299: self = Self.success(reply, address, now)
        case 404: self = Self.missing(reply, address)
        case 403: self = Self.forbidden(reply, address)
        default: self = .failure(BaoFailure(reply, reading: address.place, now: now))
        }
        switch self {
        case .secret, .absent: break
        case .deadToken(let failure): self = .deadToken(failure.through(reply.proxy))
        case .failure(let failure): self = .failure(failure.through(reply.proxy))
        }
    }

    private static func success(_ reply: OpenBaoResponse, _ address: SecretAddress, _ now: Date) -> SecretResponse {
        guard let data = reply.json?["data"], let fields = data["data"], fields.members != nil else {
            return .failure(
                BaoFailure(
                    .unavailable,
                    "the reply for \(address.place) isn't a secret of KV v2",
                    remedy: "check that the address is OpenBao's and that the mount is a KV engine of version 2"
                )
            )
        }
        let metadata = data["metadata"]
        var reading = SourceReading.found(
            SecretContent.fields(fields),
            version: version(metadata).map(String.init),
            expiresAt: date(metadata?["deletion_time"])
        )
        reading.rank = rank(metadata, now: now)
        return .secret(reading)
    }

    private static func missing(_ reply: OpenBaoResponse, _ address: SecretAddress) -> SecretResponse {
        if let data = reply.json?["data"], let metadata = data["metadata"], metadata.members != nil {
            guard reply.describesDeletion, data["data"]?.members == nil else {
                return .failure(
                    BaoFailure(
                        .unavailable,
                        "a 404 for \(address.place) that does not say which version is gone, or has it",
                        remedy: "check the address and the proxy: OpenBao does not answer so"
                    )
                )
            }
            if metadata["destroyed"]?.kind == .bool(true) {
                return .absent(.destroyed(version: version(metadata)))
            }
            return .absent(.deleted(version: version(metadata)))
        }
        if reply.says("no handler for route") {
            return .failure(misconfigured("there is no mount for \(address.place)", "check 'mount' and 'namespace'"))
        }
        if reply.says("namespace not found") {
            return .failure(misconfigured("there is no namespace for \(address.place)", "check 'namespace'"))
        }
        if let warnings = reply.json?["warnings"]?.elements, !warnings.isEmpty {
            return .failure(misconfigured("\(address.place) isn't a path of KV v2", "check 'mount' and 'path'"))
        }
        // An absence needs OpenBao's own word for it.
        guard reply.json?["errors"]?.elements?.isEmpty == true else {
            return .failure(
                BaoFailure(
                    .unavailable,
                    "a 404 for \(address.place) with an error that is not known",
                    remedy: "check the address, and see the server's log"
                )
            )
        }
        return .absent(.missing)
    }

    private static func forbidden(_ reply: OpenBaoResponse, _ address: SecretAddress) -> SecretResponse {
        if reply.errors == ["permission denied"] { return .deadToken(refused) }
        return reply.says("1 error occurred:") ? .failure(denied(address)) : .deadToken(denied(address))
    }

    private static var refused: BaoFailure {
        BaoFailure(
            .unauthenticated,
            "OpenBao does not accept the token",
            remedy: "it may have expired or been revoked; get a new one, or log in by 'appRole'"
        )
    }

    private static func denied(_ address: SecretAddress) -> BaoFailure {
        BaoFailure(
            .denied,
            "OpenBao denies reading \(address.place)",
            remedy:
                "give the token a policy with read on \((address.mount + ["data"] + address.path).joined(separator: "/")); "
                + "if it is a wrapping token, unwrap it first"
        )
    }

    private static func misconfigured(_ message: String, _ remedy: String) -> BaoFailure {
        BaoFailure(.invalidConfiguration, message, remedy: remedy)
    }

    private static func version(_ metadata: JSONNode?) -> Int? {
        guard case .number(let number)? = metadata?["version"]?.kind else { return nil }
        return number.int
    }

    /// How new a version is by what the server says about it; nil if that is nothing.
    ///
    /// A date to come says nothing: a lower version would pass as made anew. Clocks may differ by some minutes.
    static func rank(_ metadata: JSONNode?, now: Date) -> CacheRank? {
        guard let version = version(metadata) else { return nil }
        let created = (metadata?["created_time"]?.string).flatMap(ServerDate.parse)
        return CacheRank(version: version, createdAt: created.flatMap { $0 > now + 300 ? nil : $0 })
    }

    private static func date(_ node: JSONNode?) -> Date? {
        guard let text = node?.string, !text.isEmpty else { return nil }
        // A date that cannot be read counts as past, since it says that there is an end; a second that has begun does
        // too.
        return ServerDate.second(text) ?? .distantPast
    }
}

/// What is at a KV v2 path.
enum SecretContent: Sendable {
    /// The fields of one version, an object; it prints no value.
    case fields(JSONNode)
    case absent(AbsenceReason)
}

extension SecretContent: CustomReflectable {
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
        switch self {
        case .missing: "there is no such secret" + (address.misplacement.map { "; \($0.reason)" } ?? "")
        case .deleted(let version): "\(Self.words(version)) is deleted; 'bao kv undelete' brings it back"
        case .destroyed(let version): "\(Self.words(version)) is destroyed"
        }
    }

    private static func words(_ version: Int?) -> String { version.map { "version \($0)" } ?? "the version" }
}
