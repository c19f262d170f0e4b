import ExtensionHooks
import Foundation
import KeyHooks
import Testing

@testable import PluginHost

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("The file of decisions")
struct TrustStoreTests {
    @Test func `It is made for its owner alone, with its folder`() async throws {
        try await withPlugins { plugins in
            let path = "\(plugins.root)/new/keyhooks/plugins-state.json"
            try TrustStore(path: path).update { $0.disabled = ["a"] }
            #expect(try FileStatus(of: path).permissions == 0o600)
            #expect(try FileStatus(of: "\(plugins.root)/new/keyhooks").permissions & 0o077 == 0)
            let names = try FileSystem.names(in: "\(plugins.root)/new/keyhooks").compactMap(\.self).sorted()
            #expect(names == ["plugins-state.json", "plugins-state.json.lock"])
            #expect(try TrustStore(path: path).read().disabled == ["a"])
        }
    }

    @Test func `What the first version of the program decided counts, and is kept`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            let fingerprint = try directory.fingerprint(of: "acme")
            let old = """
                {"version": 1, "disabled": ["other"],
                 "trusted": [{"id": "acme", "folder": "\(place)", "sha256": "\(fingerprint)"}]}
                """
            try plugins.write(plugins.state, old, mode: 0o600)
            #expect(try directory.listed("acme").status == .ready)
            let plugin = try #require(directory.inventory().ready.first)
            try directory.verify(plugin)
            try directory.enable("other")
            #expect(try directory.listed("acme").status == .ready)
        }
    }

    @Test func `Writers at the same time lose nothing`() async throws {
        try await withPlugins { plugins in
            let path = plugins.state
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { try TrustStore(path: path).update { $0.disabled.append("p\(number)") } }
                }
                try await group.waitForAll()
            }
            #expect(try Set(TrustStore(path: path).read().disabled).count == 40)
        }
    }

    @Test(arguments: [
        ("", "is damaged"), ("{", "is damaged"), ("{\"version\":1}", "is damaged"),
        ("{\"version\":3,\"trusted\":[],\"disabled\":[]}", "was written by another version of this program"),
    ])
    func `A file that cannot be understood stops all plugins and is kept`(text: String, what: String) async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.user)
            try plugins.write(plugins.state, text, mode: 0o600)
            let directory = plugins.directory()
            let listing = try directory.listed("acme")
            #expect((listing.status, listing.reason) == (.disabled, "\(plugins.state) \(what)"))
            let error = #expect(throws: PluginManagementError.self) { try directory.disable("acme") }
            #expect(error?.code == .storeUnusable)
            #expect(try String(contentsOfFile: plugins.state, encoding: .utf8) == text)
        }
    }

    @Test func `A file that others can change stops all plugins`() async throws {
        try await withPlugins { plugins in
            try plugins.plugin("acme", in: plugins.project)
            let directory = plugins.directory()
            try directory.trust("acme")
            try plugins.change(plugins.state, to: 0o622)
            let listing = try directory.listed("acme")
            #expect((listing.status, listing.remedy) == (.disabled, "run: chmod go-w \(plugins.state)"))
            try plugins.change(plugins.state, to: 0o600)
            try plugins.change(plugins.configuration, to: 0o777)
            #expect(try directory.listed("acme").status == .disabled)
            #expect(throws: PluginManagementError.self) { try directory.untrust("acme") }
        }
    }

    @Test func `A link or a folder in its place is refused`() async throws {
        try await withPlugins { plugins in
            try plugins.write("\(plugins.root)/elsewhere.json", "{\"version\":1,\"trusted\":[],\"disabled\":[]}")
            try plugins.makeFolder(plugins.configuration)
            try plugins.link(plugins.state, to: "\(plugins.root)/elsewhere.json")
            #expect(throws: FileFault.self) { try TrustStore(path: plugins.state).read() }
            #expect(throws: FileFault.self) { try TrustStore(path: plugins.configuration).read() }
        }
    }

    @Test func `A lock that somebody keeps is waited for, but not forever`() async throws {
        try await withPlugins { plugins in
            try plugins.makeFolder(plugins.configuration)
            let lock = try FileLock("\(plugins.state).lock")
            #expect(throws: FileLock.Failure.self) { _ = try FileLock("\(plugins.state).lock", waitingFor: .zero) }
            _ = consume lock
            _ = try FileLock("\(plugins.state).lock", waitingFor: .zero)
        }
    }
}
