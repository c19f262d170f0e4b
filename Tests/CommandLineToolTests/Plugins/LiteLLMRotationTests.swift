#if CLI
import Foundation
import OpenBaoTestSupport
import Testing

/// `keyhooks litellm rotate` and `rotate-admin-key`, on a real proxy.
@Suite(.timeLimit(.minutes(5))) struct LiteLLMRotationTests {
    @Test func `The key of a static role is blocked, and all find the next one at once`() async throws {
        try await withLiteLLMTool { litellm in
            try litellm.configure("\(LiteLLMTool.settings), static: '1d'")
            let none = try await litellm.run("litellm", "rotate", litellm.role)
            #expect(none.status == 0 && none.errors.contains("nobody has asked for a key"), "\(none.errors)")
            let old = try await litellm.run("get", "litellm", "-n").text
            let run = try await litellm.run("litellm", "rotate", litellm.role)
            #expect(run.status == 0 && run.errors.hasPrefix("blocks the key \(litellm.alias)-"), "\(run.errors)")
            let rows = try await litellm.proxy.keys(litellm.alias)
            #expect(rows.count == 2 && rows.count { $0.blocked == true } == 1)
            for row in rows { #expect(run.text.contains(row.key_alias ?? "?")) }
            let new = try await litellm.run("get", "litellm", "-n").text
            #expect(new != old && new.hasPrefix("sk-"))
            #expect(try await litellm.proxy.chat(key: old, model: "gpt-stand-in") == 401)
            #expect(try await litellm.proxy.chat(key: new, model: "gpt-stand-in") == 200)
            for run in [none, run] { expectNoKey(in: run) }
        }
    }

    @Test func `What has no static key is refused`() async throws {
        try await withLiteLLMTool { litellm in
            let lent = try await litellm.run("litellm", "rotate", litellm.role)
            #expect(
                lent.status == 78 && lent.errors.contains("litellm revoke --role \(litellm.role)"),
                "\(lent.errors)"
            )
            let unknown = try await litellm.run("litellm", "rotate", "\(litellm.role)x")
            #expect(unknown.status == 64 && unknown.errors.contains("Did you mean '\(litellm.role)'?"))
            try litellm.configure("\(LiteLLMTool.settings), static: '1d', alias: 'keyhooks/{role}/{tenant}'")
            let bare = try await litellm.run("litellm", "rotate", litellm.role)
            #expect(bare.status == 64 && bare.errors.contains("--tenant"), "\(bare.errors)")
            #expect(try await litellm.run("litellm", "rotate").status == 64)
            #expect(try await litellm.proxy.keys(litellm.alias).isEmpty)
        }
    }

    @Test func `The admin key gets a successor of the same user and limits, and the old one is gone`() async throws {
        try await withLiteLLMTool { litellm in
            let members: [String: Any] = ["key_type": "management", "metadata": ["made-by": "us"], "rpm_limit": 500]
            let old = try await litellm.makeAdmin(members)
            let file = litellm.tool.folder.appendingPathComponent("admin").path
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            let owner = getuid() == 0 ? 12_345 : Int(getuid())
            try FileManager.default.setAttributes([.ownerAccountID: owner], ofItemAtPath: file)
            // A link stays one, as where a volume is mounted.
            let link = litellm.tool.folder.appendingPathComponent("link").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "admin")
            try litellm.configure(adminKey: "file:link")
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.text)\(run.errors)")
            expectNoKey(in: run)
            let key = try litellm.text(of: "admin").trimmingCharacters(in: .newlines)
            #expect(key != old.key && key.hasPrefix("sk-"))
            #expect(try litellm.permissions(of: "admin") == 0o640)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.ownerAccountID] as? Int == owner)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "admin")
            #expect(try FileManager.default.contentsOfDirectory(atPath: litellm.tool.folder.path).count == 4)
            #expect(try litellm.permissions(of: "admin.lock") == 0o600)
            let rows = try await litellm.proxy.keys(old.alias)
            #expect(rows.count == 1 && rows.first?.token != old.hash && rows.first?.user_id?.hasPrefix("user-") == true)
            let info = try await litellm.proxy.ask("key/info?key=\(rows[0].token)", key: key)
            #expect(info.strings("info.allowed_routes") == ["management_routes"])
            #expect(info.string("info.metadata.made-by") == "us" && info.int("info.rpm_limit") == 500)
            #expect(info.has("info.expires"))
            #expect(try await litellm.proxy.ask("key/list?size=1", key: old.key).status == 401)
            #expect(try await litellm.run("litellm", "issue", litellm.role, "--to", "key").status == 0)
            // A second time the name doesn't grow.
            #expect(try await litellm.run("litellm", "rotate-admin-key", "--json").status == 0)
            let names = try await litellm.proxy.keys(old.alias).compactMap(\.key_alias)
            #expect(names.count == 1 && names[0].utf8.count == old.alias.utf8.count + 9, "\(names)")
        }
    }

    /// Where something goes wrong, and what it is that has to fail.
    @Test(
        arguments: [
            ("lose-answer", "/key/generate", ""), ("status-503", "/key/generate", ""), ("status-500", "/key/list", "-"),
            ("half", "/key/list", "-"), ("before", "/key/delete", "-"), ("before", "/key/info", ""),
            ("half", "/key/list", ""),
        ]
    )
    func `Until the file has the successor, whatever fails leaves the old key alone`(
        kind: String,
        path: String,
        successor: String
    ) async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            try await litellm.proxy.fault(kind, at: path, of: old.alias + successor)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 2 && run.text.isEmpty, "\(run.text)\(run.errors)")
            expectNoKey(in: run)
            #expect(try litellm.text(of: "admin") == "\(old.key)\n")
            #expect(try await litellm.proxy.keys(old.alias).map(\.token) == [old.hash])
            #expect(try await litellm.run("litellm", "rotate-admin-key").status == 0)
        }
    }

    @Test func `An old key that can't be taken away is named, and the new one is in the file`() async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            try await litellm.passOver("/key/delete", of: old.alias)
            try await litellm.proxy.fault("status-503", at: "/key/delete", of: old.alias)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 2, "\(run.text)\(run.errors)")
            #expect(run.errors.contains("keyhooks litellm revoke --any \(old.hash.prefix(12))"), "\(run.errors)")
            expectNoKey(in: run)
            #expect(try litellm.text(of: "admin") != "\(old.key)\n")
            let revoked = try await litellm.run("litellm", "revoke", "--any", String(old.hash.prefix(12)))
            #expect(revoked.status == 0 && revoked.text == "taken away: 1\n", "\(revoked.errors)")
            #expect(try await litellm.run("litellm", "list").status == 0)
        }
    }

    @Test func `A key that may take none away isn't replaced, and nothing is made`() async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin(["allowed_routes": ["/key/generate", "/key/info", "/key/list"]])
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 3 && run.text.isEmpty, "\(run.text)\(run.errors)")
            #expect(run.errors.contains("refuses taking a key away"), "\(run.errors)")
            expectNoKey(in: run)
            #expect(try litellm.text(of: "admin") == "\(old.key)\n")
            #expect(try await litellm.proxy.keys(old.alias).map(\.token) == [old.hash])
        }
    }

    @Test(arguments: [(["tpd_limit": 1_000_000], "tpd_limit"), (["soft_budget": 5], "budget_id")])
    func `A restriction that a successor wouldn't have is named, and nothing is made`(
        members: [String: Int],
        name: String
    ) async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin(members)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 2 && run.text.isEmpty && run.errors.contains(name), "\(run.text)\(run.errors)")
            #expect(try litellm.text(of: "admin") == "\(old.key)\n")
            #expect(try await litellm.proxy.keys(old.alias).map(\.token) == [old.hash])
        }
    }

    @Test func `A signal between the steps leaves one admin key, and it is in the file`() async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            try await litellm.proxy.fault("slow", at: "/key/list", of: "\(old.alias)-", seconds: 1)
            let (process, ends) = try litellm.startRotation()
            try await until("the successor is made") { try await litellm.proxy.keys(old.alias).count == 2 }
            kill(process.processIdentifier, SIGINT)
            for await status in ends {
                #expect(status == SIGINT && process.terminationReason == .uncaughtSignal)
                break
            }
            let key = try litellm.text(of: "admin").trimmingCharacters(in: .newlines)
            #expect(key != old.key)
            #expect(try await litellm.proxy.keys(old.alias).count == 1)
            #expect(try await litellm.proxy.ask("key/list?size=1", key: key).status == 200)
        }
    }

    @Test func `A lost answer to the last step is looked up, and is success`() async throws {
        try await withLiteLLMTool { litellm in
            let old = try await litellm.makeAdmin()
            try await litellm.passOver("/key/delete", of: old.alias)
            try await litellm.proxy.fault("lose-answer", at: "/key/delete", of: old.alias)
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.text)\(run.errors)")
            let rows = try await litellm.proxy.keys(old.alias)
            #expect(rows.count == 1 && rows.first?.token != old.hash)
        }
    }

    @Test func `A proxy that takes no keys of others makes the successor itself`() async throws {
        try await withLiteLLMTool(try await LiteLLMProxy("--no-custom-keys")) { litellm in
            let old = try await litellm.makeAdmin()
            let run = try await litellm.run("litellm", "rotate-admin-key")
            #expect(run.status == 0, "\(run.text)\(run.errors)")
            #expect(try await litellm.proxy.keys(old.alias).count == 1)
            #expect(try await litellm.run("litellm", "list").status == 0)
            try await litellm.proxy.stop()
        }
    }

    @Test func `The master key, a variable, a missing file and a place that can't be written are refused`()
        async throws
    {
        try await withLiteLLMTool { litellm in
            try litellm.tool.write("admin", litellm.proxy.masterKey)
            try litellm.configure(adminKey: "file:admin")
            let master = try await litellm.run("litellm", "rotate-admin-key")
            #expect(master.status == 2 && master.errors.contains("the proxy's own configuration"), "\(master.errors)")
            try litellm.configure()
            let variable = try await litellm.run("litellm", "rotate-admin-key")
            #expect(variable.status == 78 && variable.errors.contains("'adminKey' is env:TEST_ADMIN"))
            try litellm.configure(adminKey: "file:missing")
            let missing = try await litellm.run("litellm", "rotate-admin-key")
            #expect(missing.status == 2 && missing.errors.contains("missing"), "\(missing.errors)")
            let old = try await litellm.makeAdmin()
            try FileManager.default.removeItem(at: litellm.tool.folder.appendingPathComponent("admin.lock"))
            try litellm.tool.write("admin.lock/file", "")
            let locked = try await litellm.run("litellm", "rotate-admin-key")
            #expect(locked.status == 2 && locked.errors.contains("can't be written"), "\(locked.errors)")
            #expect(try await litellm.proxy.keys(old.alias).map(\.token) == [old.hash])
            for run in [master, variable, missing, locked] {
                #expect(run.text.isEmpty)
                expectNoKey(in: run)
            }
        }
    }
}
#endif
