#if AWS
import Foundation
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("Credentials beside botocore's")
struct ChainTests {
    @Test(
        "chooses the credentials that botocore does, from the same link",
        arguments: ChainCase.keys + ChainCase.grammar + ChainCase.roles + ChainCase.elsewhere
    )
    func asBotocore(_ each: ChainCase) async throws {
        let url = try await AWSStandIns.url
        func filled(_ text: String) -> String { text.replacing("{URL}", with: url) }
        func home() throws -> (home: AWSHome, variables: [String: String]) {
            let home = try AWSHome(
                config: filled(each.config),
                credentials: filled(each.credentials),
                files: each.files.mapValues(filled)
            )
            let more = each.variables.mapValues { filled($0).replacing("{HOME}", with: home.path) }
            return (home, home.variables.merging(more) { $1 })
        }
        // One each: a session's next token is written down.
        let (ourHome, variables) = try home()
        let (theirHome, theirVariables) = try home()
        var question: [String: any Sendable] = ["environment": theirVariables]
        if let profile = each.profile { question["profile"] = profile }
        async let answer = Botocore.shared.ask("credentials", question)
        var settings = CredentialSettings()
        settings.profile = each.profile
        let outcome = try await CredentialChain.test(variables, settings).find()
        let theirs = try await answer
        withExtendedLifetime((ourHome, theirHome)) {}
        guard let keys = theirs["keys"] as? [Any] else {
            // An error there is one here, with a text; nothing there is nothing here.
            #expect(throws: KeyResolutionError.self) { try outcome.result.get() }
            let hasFailed = outcome.report.entries.last?.outcome == .failed || outcome.report.entries.isEmpty
            #expect(hasFailed == (theirs["error"] != nil), "\(theirs.text("error") ?? "none"): \(outcome.report)")
            return
        }
        let texts = try? outcome.result.get().texts
        // Values stay out of the texts of failures.
        let isSame = texts == keys.map { $0 as? String ?? "" }
        #expect(isSame, "\(outcome.report)")
        #expect(outcome.report.answered == Self.links[theirs.text("link") ?? ""])
    }

    private static let links: [String: CredentialLink] = [
        "env": .environment, "assume-role": .role, "assume-role-with-web-identity": .webIdentity,
        "sso": .singleSignOn, "shared-credentials-file": .credentialsFile, "custom-process": .process,
        "config-file": .configFile, "container-role": .container, "iam-role": .instance,
    ]
}
#endif
