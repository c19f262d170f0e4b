#if AWS
import JSON5Syntax
public import KeyHooks
import LightFoundation

extension AWSSecretManager: BatchReadableSecretManager {
    /// As many secrets as AWS takes in one request.
    static let batchSize = 20

    /// Reads the current versions of many secrets, twenty with a request.
    ///
    /// That needs the permission `secretsmanager:BatchGetSecretValue` beside those to read each secret.
    public func secrets(
        _ names: [SecretName],
        _ options: SecretOptions
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>] {
        try options.refuseVersion()
        guard try selection(options) == .stage(StagingLabel.current) else {
            throw KeyResolutionError(
                .unsupported,
                "AWS reads many secrets at once only under the label AWSCURRENT",
                remedy: "read them one by one"
            )
        }
        let batches = batches(of: names)
        guard let first = batches.first else { return [:] }
        // Where the credentials may not do that, it is asked once.
        var results = try await run { try await batch(first, options) }
        await withTaskGroup(of: [SecretName: Result<StoredSecret?, any Error>].self) { group in
            var rest = batches.dropFirst()
            func start() {
                guard let names = rest.popFirst() else { return }
                group.addTask {
                    do {
                        return try await run { try await batch(names, options) }
                    } catch {
                        return Dictionary(names.map { ($0, .failure(error)) }) { first, _ in first }
                    }
                }
            }
            for _ in 0..<4 { start() }
            for await more in group {
                results.merge(more) { first, _ in first }
                start()
            }
        }
        return results
    }

    /// Secrets of one region each, as a request goes to one.
    private func batches(of names: [SecretName]) -> [[SecretName]] {
        Dictionary(grouping: names) { SecretARN($0.rawValue)?.region ?? "" }.sorted { $0.key < $1.key }
            .flatMap { _, names in
                stride(from: 0, to: names.count, by: Self.batchSize)
                    .map { Array(names[$0..<min($0 + Self.batchSize, names.count)]) }
            }
    }

    private func batch(
        _ names: [SecretName],
        _ options: SecretOptions
    ) async throws -> [SecretName: Result<StoredSecret?, any Error>] {
        let doing = "reading \(names.count) secrets at once"
        let deadline = clock.now() + (options.timeout ?? .seconds(10))
        let client = try await access.client(by: deadline)
        var results: [SecretName: Result<StoredSecret?, any Error>] = [:]
        var page: String?
        // A reply that is too large for one page goes on in the next; no more of them than there are secrets.
        for _ in names {
            var body = [JSONMember("SecretIdList", .array(names.map { .string($0.rawValue) }))]
            if let page { body.append(JSONMember("NextToken", .string(page))) }
            let json = JSONNode(.object(body))
            let reply = try await client.send("BatchGetSecretValue", json, doing, of: names[0].rawValue, by: deadline)
            for value in reply["SecretValues"]?.elements ?? [] {
                for name in names where value.isSecret(name) {
                    results[name] = Result {
                        try SecretReply(value, of: name, .stage(StagingLabel.current)).secret
                    }
                }
            }
            for error in reply["Errors"]?.elements ?? [] {
                guard let name = names.first(where: { $0.rawValue == error["SecretId"]?.string }) else { continue }
                let failure = AWSFailure(
                    type: error["ErrorCode"]?.string ?? "",
                    message: error["Message"]?.string ?? "",
                    "reading the secret '\(name)'",
                    at: client.endpoint.url.origin
                )
                results[name] =
                    [.absent, .deleted].contains(failure.kind) ? .success(nil) : .failure(failure.error)
            }
            page = reply["NextToken"]?.string
            if page == nil { break }
        }
        for name in names where results[name] == nil {
            results[name] = .failure(
                KeyResolutionError(
                    .unavailable,
                    "AWS left the secret '\(name)' out of a reply for several",
                    remedy: "read it by itself"
                )
            )
        }
        return results
    }

    /// Reads a page of the secrets that have some tags, in two steps: AWS's filters take the beginnings of tags, so that
    /// names are listed with their tags first.
    ///
    /// That needs the permission `secretsmanager:ListSecrets` beside `secretsmanager:BatchGetSecretValue`.
    public func secrets(
        tagged tags: [String: String],
        after page: String?,
        _ options: SecretOptions
    ) async throws -> TaggedSecrets {
        var filters: [JSONNode] = []
        for (key, values) in [("tag-key", Array(tags.keys)), ("tag-value", Array(tags.values))] {
            // A value that begins with '!' would mean all others, and an empty one isn't taken.
            for value in values.sorted() where !value.isEmpty && !value.hasPrefix("!") {
                filters.append(.object(["Key": .string(key), "Values": .array([.string(value)])]))
            }
        }
        var body = [JSONMember("MaxResults", .integer(100))]
        // AWS takes ten.
        if !filters.isEmpty { body.append(JSONMember("Filters", .array(Array(filters.prefix(10))))) }
        if let page { body.append(JSONMember("NextToken", .string(page))) }
        let request = body
        let reply = try await run { try await ask("ListSecrets", request, "listing secrets by tags", nil, options) }
        let names = (reply["SecretList"]?.elements ?? []).filter { $0.hasTags(tags) }
            .compactMap { $0["Name"]?.string }.compactMap { try? SecretName($0) }
        let found = try await secrets(names, options)
        let readable = found.compactMapValues { result in
            if case .success(let secret?) = result { secret } else { StoredSecret?.none }
        }
        return TaggedSecrets(readable, next: reply["NextToken"]?.string)
    }
}

extension JSONNode {
    /// Whether an entry of a reply is that of a secret, which may have been asked for by a part of its ARN.
    fileprivate func isSecret(_ name: SecretName) -> Bool {
        let asked = name.rawValue
        guard let arn = self["ARN"]?.string, SecretARN(asked) != nil else {
            return self["Name"]?.string.map { $0.hasSameBytes(as: asked) } == true
        }
        return arn.hasSameBytes(as: asked) || arn.utf8.dropLast(SecretARN.suffixLength).elementsEqual(asked.utf8)
    }

    fileprivate func hasTags(_ tags: [String: String]) -> Bool {
        let own = (self["Tags"]?.elements ?? [])
            .compactMap { tag in
                tag["Key"]?.string.map { ($0, tag["Value"]?.string ?? "") }
            }
        return tags.allSatisfy { key, value in
            own.contains { $0.0.hasSameBytes(as: key) && $0.1.hasSameBytes(as: value) }
        }
    }
}
#endif
