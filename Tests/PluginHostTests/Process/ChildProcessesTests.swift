import Foundation
import KeyHooks
import Testing

@testable import PluginHost

@Suite("The processes of one owner", .timeLimit(.minutes(5)))
struct ChildProcessesTests {
    @Test("All are collected at the end, those too that were being started, and none is started any more")
    func end() async throws {
        try await withFolder { folder in
            let children = ChildProcesses()
            let launch = Script.launch("/bin/sleep", ["60"], folder)
            let starts = (0..<16)
                .map { _ in
                    Task.detached { () -> Int32? in
                        do throws(SystemFailure) {
                            let child = try children.start(launch, graces: ChildProcess.Graces())
                            child.begin()
                            return child.pid
                        } catch {
                            #expect(error.isCancelled)
                            return nil
                        }
                    }
                }
            // Some are there by then, some are on their way, some come too late.
            let first = try #require(await starts[0].value)
            await children.end(.atOnce)
            #expect(!exists(first))
            for start in starts {
                if let pid = await start.value { #expect(!exists(pid)) }
            }
            #expect(throws: SystemFailure(ECANCELED)) {
                _ = try children.start(launch, graces: ChildProcess.Graces())
            }
        }
    }
}
