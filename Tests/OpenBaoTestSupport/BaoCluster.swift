import Foundation

/// `Tests/Support/openbao-cluster.py`: three real OpenBao servers that make one Raft cluster on loopback.
///
/// One task at a time may use it.
package final class BaoCluster: Sendable {
    /// The addresses of the nodes, the first one's first.
    package let addresses: [String]
    package let rootToken: String
    private let script: SupportScript

    package enum Fault: String {
        case kill, start, stop, cont, cut, heal
    }

    private init(script: SupportScript, folder: URL) async throws {
        self.script = script
        var addresses: [String] = []
        while let line = await script.line(), line != "ready" {
            let words = line.split(separator: " ")
            if words.count == 3, words[0] == "address" { addresses.append(String(words[2])) }
        }
        guard addresses.count == 3 else { throw BaoFailure("openbao-cluster.py did not start; see what it writes") }
        self.addresses = addresses
        rootToken = try String(contentsOf: folder.appendingPathComponent("token"), encoding: .utf8)
    }

    /// Does something to a node, which is counted from one, and waits until it is done.
    package func make(_ fault: Fault, _ node: Int) async throws {
        _ = try await tell("\(fault.rawValue) \(node)")
    }

    /// The active node, as soon as there is one that is not the node given.
    package func leader(otherThan other: Int? = nil) async throws -> Int {
        var found: Int?
        try await until("the cluster has a leader") {
            found = Int(try await tell("leader"))
            return found != nil && found != other
        }
        return found ?? 0
    }

    /// Whoever prepares the cluster, at one of its nodes.
    package func admin(at node: Int) -> BaoAdmin { BaoAdmin(address: addresses[node - 1], token: rootToken) }

    private func tell(_ command: String) async throws -> String {
        try script.say(command)
        guard let line = await script.line(), line.hasPrefix("ok ") else { throw BaoFailure("\(command) failed") }
        return String(line.dropFirst(3))
    }

    /// Gives a cluster to a test, and ends it whatever happens.
    package static func withCluster<Result>(_ body: (BaoCluster) async throws -> Result) async throws -> Result {
        try await BaoProcess.install()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-cluster"))
        let script = try SupportScript("openbao-cluster.py", ["serve", folder.path, "--temporary"])
        do {
            let result = try await body(BaoCluster(script: script, folder: folder))
            try await script.close()
            return result
        } catch {
            try? await script.close()
            throw error
        }
    }
}
