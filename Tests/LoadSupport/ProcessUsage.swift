import Foundation

/// What this process uses of the machine.
///
/// Memory, threads and descriptors are known on Linux only, and 0 elsewhere.
package struct ProcessUsage: Sendable, Codable {
    /// Seconds of processor time so far, of all threads.
    package var processorTime: Double
    /// Bytes in memory now.
    package var resident: Int
    /// The most bytes that were in memory at once.
    package var residentPeak: Int
    package var threads: Int
    package var descriptors: Int

    package static var now: ProcessUsage {
        var usage = rusage()
        #if os(Linux)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
        getrusage(RUSAGE_SELF, &usage)
        #endif
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        func number(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
        return ProcessUsage(
            processorTime: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            resident: number("VmRSS") * 1024,
            residentPeak: number("VmHWM") * 1024,
            threads: number("Threads"),
            descriptors: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        )
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
