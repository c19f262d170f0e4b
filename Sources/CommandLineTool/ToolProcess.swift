#if CLI
import ArgumentParser
import Dispatch
import KeyHooks
import LightFoundation
import PluginHost

#if os(Linux)
import CProcess
#endif

/// What the tool does to its own process before anything else.
enum ToolProcess {
    /// Prepares the process, or says why it cannot go on.
    ///
    /// - Returns: The arguments without the tool's name.
    static func prepare() -> [String] {
        // Swift reads them from a file of /proc, before that is root's, and has none without it. To go on would be to
        // print the help text where a key is expected.
        let arguments = CommandLine.arguments
        guard !arguments.isEmpty else {
            fail("the arguments cannot be read. Mount /proc: they are read from /proc/self/cmdline")
        }
        keepMemoryPrivate()
        // A reader that went away, as in `keyhooks list | head`, makes a write fail rather than kill the process.
        signal(SIGPIPE, SIG_IGN)
        // Before there is a second thread: the environment is not to be changed beside one.
        spareLoopback()
        do throws(SystemFailure) {
            try Interruption.watch()
            try checkRoom()
        } catch {
            fail("the tool cannot start: \(error.text)" + (error.spawnRemedy.map { ". To do: \($0)" } ?? ""))
        }
        return Array(arguments.dropFirst())
    }

    /// Keeps keys out of core files, also those of plugins, which inherit the limit, and on Linux the memory from other
    /// processes of the user.
    private static func keepMemoryPrivate() {
        // Sandboxes may refuse it, which isn't a reason to refuse a key.
        #if os(Linux)
        _ = keyhooks_forbid_dumps()
        #else
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = setrlimit(RLIMIT_CORE, &none)
        #endif
    }

    /// Makes sure that there is room for what Foundation and tasks need at the least: they trap without descriptors,
    /// and wait for threads without an end.
    private static func checkRoom() throws(SystemFailure) {
        let (first, second) = (try SystemCalls.makePipe(), try SystemCalls.makePipe())
        for descriptor in [first.reading, first.writing, second.reading, second.writing] { close(descriptor) }
        let isEnough = DispatchSemaphore(value: 0)
        var threads = 0
        defer { for _ in 0..<threads { isEnough.signal() } }
        while threads < 4 {
            let isFirst = threads == 0
            try SystemThread.start("keyhooks-room") {
                // Almost every command needs it, and while the arguments are parsed there is time to read it.
                if isFirst { _ = ServiceCatalogue.standard }
                isEnough.wait()
            }
            threads += 1
        }
    }

    private static func fail(_ text: String) -> Never {
        StandardError.write("error: \(text)")
        exit(ExitStatus.failed.rawValue)
    }
}

/// Leaves this very machine out of `http_proxy` and its like: the proxy would get the vault's token.
///
/// libcurl, and so Foundation on Linux, takes the proxy from the environment, and nothing else tells it to spare an
/// address.
extension ToolProcess {
    fileprivate static func spareLoopback() {
        let environment = ProcessInfo.processInfo.environment
        guard let list = withoutProxy(environment) else { return }
        setenv("no_proxy", list, 1)
    }

    /// What `no_proxy` has to be; nil to leave it.
    static func withoutProxy(_ environment: [String: String]) -> String? {
        let proxies = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        guard proxies.contains(where: { environment[$0]?.isEmpty == false }) else { return nil }
        let present = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        guard present != "*" else { return nil }
        return ([present].filter { !$0.isEmpty } + ["localhost", "127.0.0.1", "::1", "127.0.0.0/8"])
            .joined(separator: ",")
    }
}
#endif
