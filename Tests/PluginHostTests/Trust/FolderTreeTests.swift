import KeyHooks
import Testing

@testable import PluginHost

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

@Suite("Looking at a folder")
struct FolderTreeTests {
    private func fault(_ limits: FolderTree.Limits, _ root: String) throws -> FileFault {
        try #require(#expect(throws: FileFault.self) { _ = try FolderTree(of: FilePath(root), limits: limits) })
    }

    @Test func `Its cost is bounded, and the limit is reported`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            try plugins.write("\(place)/a/b/c", "12345678")
            #expect(
                try fault(.init(entries: 3), place).reason == "\(place) has more than 3 files, too much to watch over"
            )
            #expect(try fault(.init(depth: 1), place).reason.contains("more than 1 levels"))
            #expect(try fault(.init(bytes: 7), place).reason.contains("more than 0 MiB"))
            #expect(
                try FolderTree(of: FilePath(place)).entries.map(\.path) == [
                    "", "a", "a/b", "a/b/c", "plugin.json", "run",
                ]
            )
        }
    }

    @Test(arguments: ["another length", nil])
    func `A file that changes while it is read gives no fingerprint`(text: String?) async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let tree = try FolderTree(of: FilePath(place))
            if let text {
                try plugins.write("\(place)/run", text, mode: 0o755)
            } else {
                try plugins.change("\(place)/run", to: 0o777)
            }
            let error = #expect(throws: FileFault.self) { try tree.fingerprint() }
            #expect(error?.reason == "\(place)/run changed while it was read")
        }
    }

    @Test func `A name that is not UTF-8 is a fault, since it could not be watched`() async throws {
        try await withPlugins { plugins in
            let place = try plugins.plugin("acme", in: plugins.project)
            let name = Array("\(place)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
            let descriptor = open(name, O_CREAT | O_WRONLY, 0o644)
            // Some file systems refuse such a name, which is as well.
            guard descriptor >= 0 else { return }
            close(descriptor)
            #expect(try fault(.init(), place).reason == "\(place) holds a name that is not UTF-8")
        }
    }
}
