import JSON5Syntax
public import KeyHooks
import LightFoundation
import ServerSettings

extension OpenBaoSecretManager: DeletableSecretManager, RotatableSecretManager {
    /// Deletes the newest version, which ``undelete(_:of:_:)`` brings back; with a window of zero the whole secret, with
    /// all versions and what is said of it.
    public func delete(
        _ name: SecretName,
        recoverableFor window: Duration?,
        _ options: SecretOptions
    ) async throws {
        let isWhole = window == .zero
        let address = try address(of: name, options)
        let part = isWhole ? "metadata" : "data"
        do {
            _ = try await change(address, "DELETE", part, nil, ("deleting", "delete"), options)
        } catch let error as KeyResolutionError where error.code == .absent {
            // It is deleted already.
        }
    }

    /// Destroys a version: its data is gone for good.
    public func retire(_ version: String, of name: SecretName, _ options: SecretOptions) async throws {
        try await destroy([version], of: name, options)
    }

    /// Brings deleted versions back.
    ///
    /// - Parameters:
    ///   - versions: The versions.
    ///   - name: The secret.
    ///   - options: The deadline and the parameters.
    /// - Throws: A `KeyResolutionError`.
    public func undelete(
        _ versions: [String],
        of name: SecretName,
        _ options: SecretOptions = SecretOptions()
    ) async throws {
        try await change(versions, of: name, "undelete", "bringing back", options)
    }

    /// Destroys versions: their data is gone for good.
    ///
    /// - Parameters:
    ///   - versions: The versions.
    ///   - name: The secret.
    ///   - options: The deadline and the parameters.
    /// - Throws: A `KeyResolutionError`.
    public func destroy(
        _ versions: [String],
        of name: SecretName,
        _ options: SecretOptions = SecretOptions()
    ) async throws {
        try await change(versions, of: name, "destroy", "destroying", options)
    }

    private func change(
        _ versions: [String],
        of name: SecretName,
        _ part: String,
        _ doing: String,
        _ options: SecretOptions
    ) async throws {
        let numbers = try versions.map { version in
            guard let number = Int(version), number > 0 else {
                throw KeyResolutionError.invalidConfiguration(
                    "'\(displayText(version))' isn't a version of a secret in OpenBao",
                    remedy: "write a whole number of 1 or more"
                )
            }
            return JSONNode.integer(number)
        }
        let address = try address(of: name, options)
        let body = JSONNode.object(["versions": .array(numbers)])
        _ = try await change(address, "PUT", part, body, (doing, "update"), options)
    }

    /// What is said of a secret: its description and its tags.
    ///
    /// - Parameters:
    ///   - name: The secret.
    ///   - options: The deadline and the parameters.
    /// - Returns: `custom_metadata`, with the description under `description`; nil if there is no such secret.
    /// - Throws: A `KeyResolutionError`.
    public func metadata(
        of name: SecretName,
        _ options: SecretOptions = SecretOptions()
    ) async throws -> [String: String]? {
        let address = try address(of: name, options)
        guard let reply = try await look(address.urlPath(of: "metadata"), address, ("reading", "read"), options) else {
            return nil
        }
        let members = reply.json?["data"]?["custom_metadata"]?.members ?? []
        return Dictionary(members.compactMap { member in member.value.string.map { (member.name, $0) } }) { $1 }
    }
}

extension OpenBaoSecretManager: ListableSecretManager {
    /// The most names that are asked for at once.
    static let pageSize = 1_000

    /// Lists one folder at a time; a secret whose newest version is deleted is listed until it is deleted whole.
    public func list(_ prefix: String, after page: String?, _ options: SecretOptions) async throws -> SecretPage {
        // What is left to do: folders, each with the last name that is known of it.
        var folders =
            try page.map { try Self.folders(in: $0) } ?? [(String(prefix.prefix(upTo: prefix.endOfFolder)), "")]
        guard let (folder, after) = folders.popLast() else { return SecretPage([]) }
        var call = options
        call.version = nil
        // A name below the folder gives the mount and the namespace, and checks the folder.
        let address = try address(of: SecretName(folder + "x"), call)
        let base = address.inFolder.urlPath(of: "metadata") + (folder.isEmpty ? "" : "/")
        let query = "?list=true&limit=\(Self.pageSize)&after=\(percentEncoded(after))"
        guard let reply = try await look(base + query, address.inFolder, ("listing", "list"), options) else {
            return SecretPage([], next: Self.page(folders))
        }
        let keys = reply.json?["data"]?["keys"]?.words(after: after) ?? []
        // A server that doesn't know pages has sent all.
        if keys.count == Self.pageSize, let last = keys.last { folders.append((folder, last)) }
        var names: [SecretName] = []
        for key in keys {
            let full = folder + key
            if key.hasSuffix("/") {
                if full.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: full.utf8) {
                    folders.append((full, ""))
                }
            } else if full.utf8.starts(with: prefix.utf8), let name = try? SecretName(full) {
                names.append(name)
            }
        }
        return SecretPage(names, next: Self.page(folders))
    }

    private static func page(_ folders: [(String, String)]) -> String? {
        guard !folders.isEmpty else { return nil }
        let node = JSONNode(.array(folders.flatMap { [.string($0.0), .string($0.1)] }))
        return (try? node.jsonBytes()).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func folders(in page: String) throws(KeyResolutionError) -> [(String, String)] {
        let words = (try? JSONParser.parse(page.utf8))?.elements?.compactMap(\.string) ?? []
        guard !words.isEmpty, words.count.isMultiple(of: 2) else {
            throw .invalidConfiguration("the page to go on with isn't one of OpenBao's", remedy: "begin with the first")
        }
        return stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) }
    }

    /// Asks for what isn't the data of a secret; nil if there is nothing.
    func look(
        _ path: String,
        _ address: SecretAddress,
        _ words: (doing: String, capability: String),
        _ options: SecretOptions
    ) async throws -> OpenBaoResponse? {
        let request = BaoRequest(path: path, namespace: address.namespace)
        let date = reader.client.clock.date
        let reply = try await run {
            try await reader.send(request, within: options.timeout) { reply in
                switch reply.status {
                case 200...299 where reply.isOwn: return nil
                case 403 where reply.isOwn:
                    return reply.refusal(of: address, (words.doing, words.capability, "metadata"))
                case 404 where reply.isOwn:
                    do throws(BaoFailure) {
                        _ = try reply.absence(of: address)
                        return nil
                    } catch {
                        return error
                    }
                default: return BaoFailure(reply, reading: address.place, now: date())
                }
            }
        }
        return reply.status == 404 ? nil : reply
    }
}

extension SecretAddress {
    /// The folder of the secret.
    fileprivate var inFolder: SecretAddress {
        SecretAddress(namespace: namespace, mount: mount, path: path.dropLast(), version: nil)
    }
}

extension String {
    /// Where the part up to the last slash ends.
    fileprivate var endOfFolder: Index {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { utf8.index(after: $0) } ?? startIndex
    }
}

extension JSONNode {
    /// The texts of a list that come after one; none if the list begins anew, as from a server that doesn't know pages.
    fileprivate func words(after last: String) -> [String] {
        let words = elements?.compactMap(\.string) ?? []
        guard !last.isEmpty, let first = words.first else { return words }
        return last.utf8.lexicographicallyPrecedes(first.utf8) ? words : []
    }
}
