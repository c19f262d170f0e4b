#if os(Linux)
import Foundation
import HTTPTransport
import OpenBaoTestSupport
import Synchronization
import Testing

/// Many at once, some that hang, time that runs out, and what is left afterwards.
@Suite("Load and deadlines", .serialized)
struct LoadTests {
    private static func serve(_ connection: RawConnection) {
        while let request = connection.request() {
            if request.hasPrefix("GET /hang") { return connection.waitForEnd() }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
    }

    @Test("A thousand at once are all answered, over a bounded number of connections")
    func thousand() async throws {
        let server = try RawServer(Self.serve)
        let transport = HTTPTransportSettings().transport()
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<1000 { group.addTask { await transport.outcome(server.url()) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .answer(200, "ok") } == 1000)
        #expect(server.connections <= 128)
    }

    private static func slowest(of count: Int, _ transport: any HTTPTransport, _ server: RawServer) async -> Duration {
        var slowest = Duration.zero
        for _ in 0..<count {
            let start = ContinuousClock.now
            #expect(await transport.outcome(server.url()) == .answer(200, "ok"))
            slowest = max(slowest, ContinuousClock.now - start)
        }
        return slowest
    }

    @Test("Requests that hang hold up nobody else, and end in time themselves")
    func hanging() async throws {
        let server = try RawServer(Self.serve)
        let transport = HTTPTransportSettings().transport()
        let usual = await Self.slowest(of: 100, transport, server)
        let hanging = Task {
            await withTaskGroup(of: Outcome.self) { group in
                for _ in 0..<20 {
                    group.addTask { await transport.outcome(server.url("/hang"), timeout: .seconds(6)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        // A busy machine takes its time, with and without them; whoever is held up waits for six seconds.
        let slowest = await Self.slowest(of: 100, transport, server)
        #expect(slowest < max(.seconds(5), usual * 10), "\(usual) without them")
        #expect(await hanging.value == Array(repeating: .failure(.timedOut), count: 20))
    }

    @Test("A server that hangs holds up its own requests alone, however many", .timeLimit(.minutes(1)))
    func hangingServer() async throws {
        let (hanging, server) = (try RawServer(Self.serve), try RawServer(Self.serve))
        let transport = HTTPTransportSettings().transport()
        let waiting = Task {
            await withTaskGroup(of: Outcome.self) { group in
                for _ in 0..<600 {
                    group.addTask { await transport.outcome(hanging.url("/hang"), timeout: .seconds(20)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        try await until("it has all that it may have") { hanging.connections == 64 }
        for _ in 0..<100 { #expect(await transport.outcome(server.url()) == .answer(200, "ok")) }
        #expect(hanging.connections == 64)
        waiting.cancel()
        #expect(await waiting.value == Array(repeating: .cancelled, count: 600))
    }

    @Test("A connection that waits for a server's word and is given up ends nobody else's request")
    func givenUp() async throws {
        let servers = try await TLSServers.shared
        let deaf = try servers.url("deaf")
        let server = try RawServer { connection in
            while connection.request() != nil {
                usleep(300_000)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let transport = servers.settings().transport()
        for _ in 0..<3 {
            let given = (0..<20).map { _ in Task { await transport.outcome(deaf) } }
            // Each waits for a word for a second.
            try await Task.sleep(for: .milliseconds(300))
            for task in given { task.cancel() }
            let outcomes = await withTaskGroup(of: Outcome.self) { group in
                for _ in 0..<40 { group.addTask { await transport.outcome(server.url()) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: .answer(200, "ok"), count: 40))
            for task in given { #expect([.cancelled, .failure(.connectionLost)].contains(await task.value)) }
        }
    }

    @Test("Time also runs while a request waits for its turn", .timeLimit(.minutes(1)))
    func queue() async throws {
        let server = try RawServer(Self.serve)
        let transport = HTTPTransportSettings().transport()
        let start = ContinuousClock.now
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<300 { group.addTask { await transport.outcome(server.url("/hang"), timeout: .seconds(1)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .failure(.timedOut) })
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(await transport.outcome(server.url()) == .answer(200, "ok"))
    }

    /// The least of many, since other programs use the machine too; none may end before its time.
    @Test("A deadline is kept to 20 ms")
    func deadline() async throws {
        let server = try RawServer(Self.serve)
        let transport = HTTPTransportSettings().transport()
        var least = Duration.seconds(60)
        for _ in 0..<20 {
            let start = ContinuousClock.now
            #expect(await transport.outcome(server.url("/hang"), timeout: .milliseconds(50)) == .failure(.timedOut))
            least = min(least, ContinuousClock.now - start)
        }
        #expect(least >= .milliseconds(50))
        #expect(least < .milliseconds(70))
        #expect(await transport.outcome(server.url(), timeout: .zero) == .failure(.timedOut))
    }

    @Test("Waiting for a server costs no time of the processor")
    func waiting() async throws {
        let server = try RawServer(Self.serve)
        let transport = HTTPTransportSettings().transport()
        let before = threadTimes()
        #expect(await transport.outcome(server.url("/hang"), timeout: .seconds(2)) == .failure(.timedOut))
        let after = threadTimes()
        // The new threads are the transport's and the server's.
        let new = after.filter { before[$0.key] == nil }.values.reduce(0, +)
        #expect(new <= 5, "ticks of 10 ms")
    }

    @Test("Transports leave neither threads nor descriptors behind")
    func leaving() async throws {
        let server = try RawServer(Self.serve)
        func count(_ folder: String) -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
        }
        _ = await HTTPTransportSettings().transport().outcome(server.url())
        let descriptors = count("/proc/self/fd")
        for round in 1...1000 {
            #expect(await HTTPTransportSettings().transport().outcome(server.url()) == .answer(200, "ok"))
            _ = HTTPTransportSettings().transport()
            // Their threads end by themselves, and may have to wait for the processor.
            if round % 50 == 0 {
                try await until("their descriptors are closed") { count("/proc/self/fd") <= descriptors + 100 }
            }
        }
        // Others run at the same time, but not a thousand.
        #expect(count("/proc/self/fd") <= descriptors + 100)
        #expect(count("/proc/self/task") < 200)
    }

    /// The time that each thread of this process has used, in ticks.
    private func threadTimes() -> [String: Int] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.reduce(into: [:]) { times, thread in
            guard let text = try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return }
            let fields = text[end...].split(separator: " ")
            if fields.count > 13 { times[thread] = (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0) }
        }
    }
}
#endif
