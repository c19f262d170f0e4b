import Foundation
import KeyHooks
import Testing

/// The only tests that touch the process-wide resolver; one at a time.
@Suite(.serialized)
struct DefaultResolverTests {
    @Test func `An installed resolver answers the free functions`() async throws {
        defer { KeyResolver.installDefault(nil) }
        KeyResolver.installDefault(try KeyResolver(environment: ["OPENAI_API_KEY": "sk-1"]))
        #expect(try await getAPIKey(service: "openai")?.value == "sk-1")
        #expect(try await requireAPIKey(service: "chatgpt", scope: KeyScope(project: "p")).value == "sk-1")
        #expect(try await failure { try await requireAPIKey(service: "groq") }.code == .absent)
    }

    @Test func `A second one replaces the first`() async throws {
        defer { KeyResolver.installDefault(nil) }
        let first = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-1"])
        let second = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-2"])
        KeyResolver.installDefault(first)
        #expect(try KeyResolver.default === first)
        KeyResolver.installDefault(second)
        #expect(try await getAPIKey(service: "openai")?.value == "sk-2")
    }

    /// In a process of its own, since it is made from the working directory and the user's configuration.
    @Test func `Without one it is made once, and anew after it was forgotten`() async {
        await #expect(processExitsWith: .success) {
            try await withFolder { folder in
                try folder.write(".env", "OPENAI_API_KEY=sk-first\n")
                #expect(chdir(folder.path) == 0)
                setenv("XDG_CONFIG_HOME", folder.path, 1)
                unsetenv("OPENAI_API_KEY")
                #expect(try await getAPIKey(service: "openai")?.value == "sk-first")
                let made = try KeyResolver.default
                try folder.write(".env", "OPENAI_API_KEY=sk-second\n")
                #expect(try KeyResolver.default === made)
                KeyResolver.installDefault(nil)
                #expect(try KeyResolver.default !== made)
                #expect(try await getAPIKey(service: "openai")?.value == "sk-second")
            }
        }
    }

    @Test func `A configuration that is wrong is reported, and tried again`() async {
        await #expect(processExitsWith: .success) {
            try await withFolder { folder in
                try folder.write("keyhooks.json", "{")
                #expect(chdir(folder.path) == 0)
                setenv("HOME", folder.file("home"), 1)
                unsetenv("XDG_CONFIG_HOME")
                let error = try await failure { try await getAPIKey(service: "openai") }
                #expect(error.code == .invalidConfiguration)
                try folder.write("keyhooks.json", "{}")
                try folder.trust("keyhooks.json")
                #expect(try await getAPIKey(service: "nobody_has_this") == nil)
            }
        }
    }

    @Test func `A resolver of a task answers in it and its children, and nowhere else`() async throws {
        defer { KeyResolver.installDefault(nil) }
        KeyResolver.installDefault(try KeyResolver(environment: ["OPENAI_API_KEY": "sk-process"]))
        let ofTask = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-task"])
        try await KeyResolver.withDefault(ofTask) {
            #expect(try KeyResolver.default === ofTask)
            async let child = getAPIKey(service: "openai")
            #expect(try await child?.value == "sk-task")
            #expect(try await Task { try await getAPIKey(service: "openai") }.value?.value == "sk-task")
            #expect(try await Task.detached { try await getAPIKey(service: "openai") }.value?.value == "sk-process")
            // One that is installed meanwhile is not for this task.
            KeyResolver.installDefault(try KeyResolver(environment: ["OPENAI_API_KEY": "sk-other"]))
            #expect(try await requireAPIKey(service: "openai").value == "sk-task")
        }
        #expect(try await getAPIKey(service: "openai")?.value == "sk-other")
        let inside = try KeyResolver.withDefault(ofTask) { try KeyResolver.default }
        #expect(inside === ofTask)
    }

    @Test func `Tasks that run at once have one each`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...50 {
                group.addTask {
                    let resolver = try KeyResolver(environment: ["OPENAI_API_KEY": "sk-\(number)"])
                    try await KeyResolver.withDefault(resolver) {
                        for _ in 1...20 {
                            let key = try await getAPIKey(service: "openai")
                            #expect(key?.value == "sk-\(number)")
                            await Task.yield()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test @MainActor func `The closure stays where its caller is`() async throws {
        var count = 0
        let resolver = try KeyResolver(environment: [:])
        await KeyResolver.withDefault(resolver) {
            MainActor.assertIsolated()
            await Task.yield()
            count += 1
        }
        #expect(count == 1)
    }

    @Test func `A forgotten resolver is released`() throws {
        weak var resolver: KeyResolver?
        do {
            let made = try KeyResolver(environment: [:])
            resolver = made
            KeyResolver.installDefault(made)
        }
        #expect(resolver != nil)
        KeyResolver.installDefault(nil)
        #expect(resolver == nil)
    }
}
