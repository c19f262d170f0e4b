#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Android)
import Android
#endif

/// Does something, and throws if it took the present thread longer than it may.
///
/// What counts is time of a processor, since other tests run at the same time.
package func within<Result>(_ limit: Duration, _ what: String, _ body: () throws -> Result) throws -> Result {
    let start = threadTime
    let result = Swift.Result { try body() }
    let taken = threadTime - start
    try Broken.unless(taken <= limit, "\(what) takes too long", "\(taken)")
    return try result.get()
}

/// What the present thread has used of a processor: other tests run beside it.
package var threadTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
}
