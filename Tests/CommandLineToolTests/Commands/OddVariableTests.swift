#if CLI
import Foundation
import Testing

/// What a shell or a container hands over that a person did not mean to.
@Suite("Variables as they really are")
struct OddVariableTests {
    /// Sets a variable to bytes, which `Process` cannot.
    private func launcher(_ assignment: String) -> [String] { ["/bin/sh", "-c", "\(assignment) exec \"$@\"", "sh"] }

    @Test("Bytes that aren't UTF-8 are refused, with the variable and the place; those of another variable do no harm")
    func bytes() async throws {
        try await withTool { tool in
            let assignment = #"OPENAI_API_KEY="$(printf 'sk-fake\251-0123')""#
            let run = try await tool.run(["get", "openai"], launcher: launcher(assignment))
            #expect(run.status == 78 && run.text.isEmpty, "\(run.errors)")
            #expect(
                run.errors.contains("OPENAI_API_KEY in the process environment has bytes that aren't UTF-8 at byte 8")
            )
            #expect(!run.errors.contains("0123"))
            let other = try await tool.run(
                ["get", "openai"],
                environment: ["OPENAI_API_KEY": "sk-fake"],
                launcher: launcher(#"OTHER="$(printf '\377\376')""#)
            )
            #expect(other.status == 0 && other.text == "sk-fake\n" && other.errors.isEmpty, "\(other.errors)")
        }
    }

    @Test("A variable that hides another value of .env is remarked on once, without either value")
    func stale() async throws {
        try await withTool { tool in
            try tool.write(".env", "OPENAI_API_KEY=sk-fake-right\n")
            let run = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-fake-stale"])
            #expect(run.status == 0 && run.text == "sk-fake-stale\n")
            #expect(run.errors.components(separatedBy: "hides another value: OPENAI_API_KEY in .env:1").count == 2)
            #expect(!run.errors.contains("fake"))
            let same = try await tool.run(["get", "openai"], environment: ["OPENAI_API_KEY": "sk-fake-right"])
            #expect(same.status == 0 && same.errors.isEmpty, "\(same.errors)")
        }
    }

    @Test("A .env above is mentioned as it would be typed")
    func parent() async throws {
        try await withTool { tool in
            try tool.write("../.env", "OPENAI_API_KEY=sk-fake\n")
            let run = try await tool.run(["get", "openai"])
            #expect(run.status == 1)
            #expect(run.errors.contains("../.env is there and is not read: name it by 'envFiles' or --env-file"))
        }
    }
}
#endif
