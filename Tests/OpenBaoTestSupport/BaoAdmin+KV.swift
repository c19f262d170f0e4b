extension BaoAdmin {
    package func mountKV2(_ mount: String) async throws {
        try await expect("POST", "sys/mounts/\(mount)", ["type": "kv", "options": ["version": "2"]])
        // A new mount answers 400 "Upgrading from non-versioned to versioned data" for a moment.
        try await until("\(mount) is ready") { try await call("GET", "\(mount)/config").status == 200 }
    }

    package func mountKV1(_ mount: String) async throws {
        try await expect("POST", "sys/mounts/\(mount)", ["type": "kv", "options": ["version": "1"]])
    }

    /// Writes a new version and gives its number.
    @discardableResult
    package func put(_ mount: String, _ path: String, _ fields: [String: any Sendable]) async throws -> Int {
        let reply = try await expect("POST", "\(mount)/data/\(path)", ["data": fields])
        guard let version = reply.int("data.version") else { throw BaoFailure("no version in \(reply)") }
        return version
    }

    package func get(_ mount: String, _ path: String, version: Int? = nil) async throws -> BaoReply {
        try await call("GET", "\(mount)/data/\(path)" + (version.map { "?version=\($0)" } ?? ""))
    }

    /// Deletes the latest version so that it can come back.
    package func delete(_ mount: String, _ path: String) async throws {
        try await expect("DELETE", "\(mount)/data/\(path)")
    }

    package func undelete(_ mount: String, _ path: String, versions: [Int]) async throws {
        try await expect("POST", "\(mount)/undelete/\(path)", ["versions": versions])
    }

    package func destroy(_ mount: String, _ path: String, versions: [Int]) async throws {
        try await expect("POST", "\(mount)/destroy/\(path)", ["versions": versions])
    }

    /// Gives every version that is written from now on a time of deletion, such as `1h` after its writing.
    package func setDeleteVersionAfter(_ mount: String, _ path: String, _ duration: String) async throws {
        try await expect("POST", "\(mount)/metadata/\(path)", ["delete_version_after": duration])
    }
}
