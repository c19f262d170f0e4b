#if CLI
extension BaoExitStatusTests {
    static let refused = [
        Row(
            testDescription: "a denial",
            token: { try await $0.token(reading: "other/*") },
            status: 3,
            errors: "OpenBao denies reading"
        ),
        Row(
            testDescription: "a denial where falling back is allowed",
            settings: "path: 'ai/providers', fallback: 'unavailable'",
            token: { try await $0.token(reading: "other/*") },
            status: 3,
            errors: "Give the token a policy"
        ),
        Row(
            testDescription: "a scope that lacks the project",
            settings: "path: 'ai/{project}'",
            status: 64,
            errors: "needs a project"
        ),
        Row(
            testDescription: "a project that leads elsewhere",
            arguments: ["get", "openai", "--project", "../providers"],
            settings: "path: 'ai/{project}'",
            status: 64,
            errors: "cannot stand in path"
        ),
    ]

    static let misconfigured = [
        Row(testDescription: "no path", settings: "", status: 78, errors: "keyhooks.json:"),
        Row(
            testDescription: "an unknown setting",
            settings: "pth: 'ai/providers'",
            status: 78,
            errors: "Did you mean 'path'?"
        ),
        Row(
            testDescription: "an unknown namespace",
            settings: "path: 'ai/providers', namespace: 'nowhere'",
            status: 78,
            errors: "Check 'namespace'"
        ),
        Row(
            testDescription: "a field that is no single value",
            settings: "path: 'ai/providers', field: 'nested'",
            status: 78,
            errors: "Point at the key with a JSON pointer"
        ),
    ]
}
#endif
