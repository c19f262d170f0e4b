#if os(Linux)
import CCurl
import Foundation
import OpenBaoTestSupport
import Testing

@testable import HTTPTransport

/// Which library is taken, and what is said if none can be.
@Suite("Loading libcurl")
struct LibraryTests {
    @Test("One that is missing is named with the package to install, and each request says so")
    func missing() async throws {
        let transport = CurlTransport { try CurlLibrary.load(["libcurl-none.so.4"]) }
        let error = try #require(await transport.error("http://127.0.0.1:1/"))
        #expect(error.code == .missingLibrary)
        #expect("\(error)".contains("it isn't installed; install libcurl4 (Debian, Ubuntu)"), "\(error)")
    }

    /// A real library cannot be made to be old, so these are compiled for the test.
    @Test(
        "One that cannot be used says why, and the next is tried",
        arguments: [
            ("0x074300", "7.67.0", 4, "is version 7.67.0, and 7.68.0 or newer is needed"),
            ("0x075801", "7.88.1", 0, "version 7.88.1, was built without TLS"),
            ("0x075801", "7.88.1", 4, "lacks the function 'curl_global_init'"),
        ]
    )
    func unusable(_ number: String, _ version: String, _ features: Int, _ words: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(unique("keyhooks-curl"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("a.c")
        let text = """
            struct version { int age; const char *version; unsigned number; const char *host; int features; const char *tls; };
            static struct version version = {0, "\(version)", \(number), "", \(features), "OpenSSL/3.0"};
            struct version *curl_version_info(int age) { return &version; }
            """
        try Data(text.utf8).write(to: source)
        let library = folder.appendingPathComponent("liba.so").path
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["cc", "-shared", "-fPIC", "-o", library, source.path]
        try compiler.run()
        try await until("it is compiled") { !compiler.isRunning }
        try #require(compiler.terminationStatus == 0)
        let error = try #require(throws: HTTPTransportError.self) {
            try CurlLibrary.load([library, "libcurl-none.so"])
        }
        #expect(error.code == .missingLibrary)
        #expect(error.detail?.contains(words) == true, "\(error)")
        #expect((try? CurlLibrary.load([library] + CurlLibrary.names)) != nil)
    }

    @Test("What is no library says so")
    func broken() throws {
        let error = try #require(throws: HTTPTransportError.self) { try CurlLibrary.load([#filePath]) }
        #expect(error.detail?.contains("cannot be loaded") == true, "\(error)")
    }

    @Test(
        "An option that a request must not be sent without is noted when it is refused",
        arguments: Libraries.installed
    )
    func refusedOption(_ library: String) throws {
        let loaded = try CurlLibrary.load([library])
        let handle = try #require(CurlHandle(loaded, HTTPTransportSettings(), for: .requests))
        #expect(handle.refusedOption == nil)
        handle.require(19_999, "")
        #expect(handle.refusedOption == nil)
        handle.require(19_999, "a")
        #expect(handle.refusedOption == 19_999)
    }

    @Test("The numbers of the options are those of the library", arguments: Libraries.installed)
    func options(_ library: String) throws {
        let header = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/CCurl/include/CCurl.h")
        let loaded = try CurlLibrary.load([library])
        var count = 0
        for line in try String(contentsOf: header, encoding: .utf8).split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "=" || $0 == "," }
            guard words.count == 2, words[0].hasPrefix("KEYHOOKS_CURLOPT_"), let number = Int32(words[1]) else {
                continue
            }
            let found = keyhooks_curl_option_number(
                loaded.pointer,
                String(words[0].dropFirst("KEYHOOKS_CURLOPT_".count))
            )
            // An older library can't tell, or doesn't know it yet.
            #expect(found == number || found == -1 || found == 0, "\(line)")
            if found == number { count += 1 }
        }
        #expect(count > 30 || keyhooks_curl_option_number(loaded.pointer, "URL") == -1)
    }
}
#endif
