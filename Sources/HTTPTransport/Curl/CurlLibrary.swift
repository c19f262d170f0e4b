#if os(Linux)
import CCurl

/// libcurl, loaded and started when it is first needed.
package struct CurlLibrary: Sendable {
    /// The library that provides TLS: the same fault has another number and text in each.
    package enum TLS: Sendable {
        case openSSL, gnuTLS, other
    }

    // It is written once, before anybody else has it, and never freed.
    package nonisolated(unsafe) let pointer: OpaquePointer

    package let version: String
    package let tls: TLS

    /// Whether it lets go of a thread that looks a host up; before 7.87, libcurl waits for it, and so does its thread.
    package let leavesLookups: Bool

    /// The files that distributions install, the one with OpenSSL first.
    package static let names = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"]

    /// The library of the process, or why there is none; looked for once.
    package static let shared: Result<CurlLibrary, HTTPTransportError> = {
        do throws(HTTPTransportError) { return .success(try load(names)) } catch { return .failure(error) }
    }()

    /// Loads the first file that can be used.
    ///
    /// - Parameter names: File names or paths, the best first.
    /// - Returns: The library.
    /// - Throws: An ``HTTPTransportError`` of the code `missingLibrary` with what to do.
    package static func load(_ names: [String]) throws(HTTPTransportError) -> CurlLibrary {
        var worst: HTTPTransportError?
        for name in names {
            var reason: Int32 = 0
            var text = [CChar](repeating: 0, count: 256)
            if let pointer = keyhooks_curl_load(name, &reason, &text, text.count) { return CurlLibrary(pointer) }
            let found = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // What is there and cannot be used says more than what is not there.
            if let problem = problem(Int(reason), found, in: name) { worst = worst ?? problem }
        }
        throw worst
            ?? HTTPTransportError(
                .missingLibrary,
                detail: "it isn't installed; install libcurl4 (Debian, Ubuntu) or libcurl (Fedora, Alpine)"
            )
    }

    private init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        version = String(cString: keyhooks_curl_version(pointer))
        let numbers = version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
        leavesLookups = !numbers.lexicographicallyPrecedes([7, 87])
        let name = String(cString: keyhooks_curl_tls(pointer))
        // One that was built with several puts those that are not used in parentheses.
        let used = name.split(separator: " ").first { !$0.hasPrefix("(") } ?? ""
        let isOpenSSL = ["OpenSSL/", "LibreSSL/", "BoringSSL", "AWS-LC/", "quictls/"].contains { used.hasPrefix($0) }
        tls = isOpenSSL ? .openSSL : used.hasPrefix("GnuTLS/") ? .gnuTLS : .other
    }

    private static func problem(_ reason: Int, _ found: String, in name: String) -> HTTPTransportError? {
        let detail: String
        switch reason {
        case KEYHOOKS_CURL_TOO_OLD: detail = "\(name) is version \(found), and 7.68.0 or newer is needed"
        case KEYHOOKS_CURL_INCOMPLETE: detail = "\(name) lacks the function '\(found)'; install libcurl 7.68.0 or newer"
        case KEYHOOKS_CURL_WITHOUT_TLS: detail = "\(name), version \(found), was built without TLS; install another"
        case KEYHOOKS_CURL_NOT_STARTED: detail = "\(name), version \(found), cannot be started"
        // The loader's text tells a file that is missing from one that is broken or for another machine.
        default:
            guard !found.contains("No such file"), !found.contains("cannot open shared object file") else { return nil }
            detail = "\(name) cannot be loaded: \(found)"
        }
        return HTTPTransportError(.missingLibrary, detail: detail)
    }
}
#endif
