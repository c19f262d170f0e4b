#if CLI
import Foundation
import Testing

struct ReportTests {
    private func report(_ run: Tool.Run) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
    }

    @Test func `get prints a found key as JSON`() async throws {
        let run = try await withTool { tool in
            try tool.write(".env", "OPENAI_API_KEY='a\"b\"c\\d'\n")
            return try await tool.run(["get", "chatgpt", "--json"])
        }
        let report = try report(run)
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(report["service"] as? String == "openai" && report["status"] as? String == "found")
        #expect(report["value"] as? String == "a\"b\"c\\d")
        #expect(report["source"] as? String == "OPENAI_API_KEY in .env:1")
    }

    @Test func `get tells absent and not required apart as JSON`() async throws {
        let absent = try await withTool { try await $0.run(["get", "cohere", "--json"]) }
        #expect(absent.status == 1 && absent.errors.contains("no key for 'cohere'"))
        #expect(try report(absent)["status"] as? String == "absent")
        #expect((try report(absent)["namesTried"] as? [String])?.prefix(2) == ["COHERE_API_KEY", "CO_API_KEY"])
        let local = try await withTool { try await $0.run(["get", "ollama", "--json"]) }
        #expect(local.status == 0)
        #expect(try report(local)["status"] as? String == "notRequired")
        #expect(try report(local)["value"] == nil)
    }

    @Test(arguments: [
        "with spaces", "tab\tand 'single' and \"double\"", "ключ-鍵-🔑", "back\\slash $HOME `id` ; rm", "-n", "%s%n",
        "{\"line\":\n\"break\"}", String(repeating: "k", count: 100_000),
    ])
    func `A value comes out byte for byte`(value: String) async throws {
        try await withTool { tool in
            // Its key is a document, which may have line ends.
            let environment = ["AICORE_SERVICE_KEY": value]
            let plain = try await tool.run(["get", "sap", "-n"], environment: environment)
            #expect(plain.output == Array(value.utf8))
            let line = try await tool.run(["get", "sap"], environment: environment)
            #expect(line.output == Array(value.utf8) + [UInt8(ascii: "\n")])
        }
    }
}
#endif
