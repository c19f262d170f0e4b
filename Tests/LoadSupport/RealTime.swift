import Foundation

/// Nanoseconds since 1970, which the writer, another process, counts too.
package func realTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
}
