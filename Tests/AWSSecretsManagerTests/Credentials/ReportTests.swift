#if AWS
import Foundation
import HTTPTransport
import KeyHooks
import OpenBaoTestSupport
import Testing

@testable import AWSSecretsManager

@Suite("What the chain says of itself")
struct ReportTests {
    private static let secrets = ["file-secret", "env-secret", "AKIAFILE", "AKIAENV"]

    @Test("says which link answered and why those before it didn't, without a value")
    func report() async throws {
        let home = try AWSHome(config: "[profile p]\n\(ChainCase.key)region = a\n")
        let outcome = try await CredentialChain.test(home.variables.merging(["AWS_PROFILE": "p"]) { $1 }).find()
        let text = outcome.report.description
        #expect(outcome.report.answered == .configFile)
        #expect(
            text.replacing(home.path, with: "~") == """
                the section 'aws': names none
                the environment: AWS_ACCESS_KEY_ID isn't set
                the profile's role: the profile 'p' has no role_arn of its own
                web identity: neither AWS_WEB_IDENTITY_TOKEN_FILE nor the profile names a file with a token
                single sign-on: the profile 'p' has no sso_account_id
                the file of credentials: ~/.aws/credentials has no profile 'p'
                the session of aws login: the profile 'p' has no login_session
                credential_process: the profile 'p' has no credential_process
                the configuration file: an access key
                """
        )
        for secret in Self.secrets { #expect(!text.contains(secret)) }
    }

    @Test("neither the files, nor a profile, nor a lookup, a command or a call shows a value when it is dumped")
    func dumps() async throws {
        let home = try AWSHome(
            config: "[default]\ncredential_process = echo file-secret\n",
            credentials: "[default]\n\(ChainCase.key)"
        )
        let variables = home.variables.merging(ChainCase.inEnvironment) { $1 }
        let chain = CredentialChain.test(variables)
        let lookup = try CredentialLookup(chain, by: .seconds(1))
        let keeper = CredentialKeeper(chain)
        _ = try await keeper.current(by: chain.clock.now() + .seconds(10))
        let endpoint = try AWSEndpoint(EndpointURL("https://a.org", setting: "x"), in: "a", setting: "x")
        let call = AWSCall(
            service: .tokens,
            endpoint: endpoint,
            headers: [("X", "file-secret")],
            body: Array("file-secret".utf8),
            doing: "x"
        )
        let command = Command(path: "/bin/echo", arguments: ["file-secret"], environment: variables)
        let access = AWSAccess(
            AWSSettings(),
            PluginContext(configuration: KeyConfiguration(), environment: variables),
            .real
        )
        var text = ""
        for value in [chain, lookup, keeper, call, command, access, lookup.profiles, lookup.profile] as [Any] {
            dump(value, to: &text)
            text += "\(value)"
        }
        for secret in Self.secrets { #expect(!text.contains(secret), "a value was shown") }
    }

    @Test("the section's references come before everything, and are read where they point")
    func section() async throws {
        let home = try AWSHome(credentials: "[default]\n\(ChainCase.key)", files: ["secret": "from-a-file\n"])
        var settings = CredentialSettings()
        settings.accessKeyID = .environment("MY_ID")
        settings.secretAccessKey = .file("\(home.path)/secret")
        let more = ["MY_ID": "AKIAMINE"].merging(ChainCase.inEnvironment) { $1 }
        let outcome = try await CredentialChain.test(home.variables.merging(more) { $1 }, settings).find()
        let isSame = try outcome.result.get().texts == ["AKIAMINE", "from-a-file", ""]
        #expect(isSame)
        #expect(outcome.report.answered == .section)
        // One that is missing ends the chain: the environment's identity wasn't meant.
        let without = try await CredentialChain.test(home.variables.merging(ChainCase.inEnvironment) { $1 }, settings)
            .find()
        #expect(throws: KeyResolutionError.self) { try without.result.get() }
        #expect(without.report.entries.map(\.link) == [.section])
    }

    @Test(
        "a link that is set up and can't answer is named in an error with what to do",
        arguments: [
            (
                "[default]\n\(ChainCase.role)source_profile = s\nmfa_serial = arn:aws:iam::1:mfa/me\n[profile s]\n\(ChainCase.key)",
                "MFA", KeyResolutionError.Code.unsupported
            ),
            (
                "[default]\n\(ChainCase.role)source_profile = a\n[profile a]\n\(ChainCase.role)source_profile = default\n",
                "leads back to itself", .invalidConfiguration
            ),
            (
                "[default]\n\(ChainCase.signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
                "aws sso login --profile default", .unauthenticated
            ),
            ("[default]\ncredential_process = false\n", "failed with the status 1", .unauthenticated),
            ("[default]\ncredential_process = echo 'very-secret\n", "quotes don't match", .invalidConfiguration),
            (
                "[default]\ncredential_process = echo very-secret\n", "12 bytes that aren't a JSON object",
                .unauthenticated
            ),
            ("[default]\nlogin_session = arn:aws:iam::1:user/me\n", "credential_process = aws configure", .unsupported),
            (
                "[default]\naws_access_key_id = AKIA\naws_secret_access_key = very-secret # mine\n",
                "secret key of the configuration file is empty or has blanks", .unauthenticated
            ),
            (
                "[default]\nvery-secret\n", "config:2: a line is neither a section nor NAME = VALUE",
                .invalidConfiguration
            ),
        ] as [(String, String, KeyResolutionError.Code)]
    )
    func errors(_ config: String, _ words: String, _ code: KeyResolutionError.Code) async throws {
        let home = try AWSHome(config: config)
        let outcome = try await CredentialChain.test(home.variables).find()
        let error = #expect(throws: KeyResolutionError.self) { try outcome.result.get() }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.code == code)
        for secret in Self.secrets + ["very-secret"] {
            #expect(!("\(String(describing: error))" + outcome.report.description).contains(secret))
        }
    }

    @Test("a role that is denied is a matter of our own credentials, with the number of the request")
    func deniedRole() async throws {
        let url = try await AWSStandIns.url
        let home = try AWSHome(
            config:
                "[default]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = s\n[profile s]\n\(ChainCase.key)"
        )
        let more = ["AWS_ENDPOINT_URL_STS": "\(url)/sts", "AWS_REGION": "eu-west-1"]
        let outcome = try await CredentialChain.test(home.variables.merging(more) { $1 }).find()
        let error = #expect(throws: KeyResolutionError.self) { try outcome.result.get() }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("AccessDenied, HTTP 403, request 1-2-3") == true)
    }

    @Test("a session's next token is kept in the cache for the AWS CLI too, for its owner alone")
    func nextToken() async throws {
        let url = try await AWSStandIns.url
        let ends = "2020-01-01T00:00:00Z"
        let home = try AWSHome(
            config: ChainCase.session,
            files: ChainCase.cachedSession("old", ends: ends, right: "may-refresh")
        )
        let more = ["AWS_ENDPOINT_URL_SSO": "\(url)/sso", "AWS_ENDPOINT_URL_SSO_OIDC": "\(url)/oidc"]
        let outcome = try await CredentialChain.test(home.variables.merging(more) { $1 }).find()
        #expect(outcome.report.answered == .singleSignOn, "\(outcome.report)")
        let path = "\(home.path)/.aws/sso/cache/\(ChainCase.sessionDigest).json"
        let kept = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(kept["accessToken"] == "signed-on")
        #expect(kept["refreshToken"] == "next")
        #expect(kept["clientId"] == "client")
        let date = try #require(kept["expiresAt"].flatMap { ISO8601DateFormatter().date(from: $0) })
        #expect(abs(date.timeIntervalSinceNow - 28_800) < 60)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a command that hangs is killed with all that it started when its time is over")
    func hangingCommand() async throws {
        let home = try AWSHome(files: ["p.sh": "#!/bin/sh\nsleep 600 &\necho $! > {HOME}/child\nsleep 600\n"])
        let command = Command(path: "\(home.path)/p.sh", arguments: ["p.sh"], environment: home.variables)
        let start = ContinuousClock.now
        let result = try await command.run(within: .milliseconds(500), limit: 100)
        guard case .late = result else {
            Issue.record("it wasn't late: \(result)")
            return
        }
        #expect(ContinuousClock.now - start < .seconds(20))
        let child = try String(contentsOfFile: "\(home.path)/child", encoding: .utf8)
        let pid = try #require(pid_t(child.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await until("what it started has ended") { kill(pid, 0) != 0 || isZombie(pid) }
    }

    @Test("a command whose caller gives up is killed")
    func cancelledCommand() async throws {
        let home = try AWSHome(files: ["p.sh": "#!/bin/sh\necho $$ > {HOME}/pid\nexec sleep 600\n"])
        let command = Command(path: "\(home.path)/p.sh", arguments: ["p.sh"], environment: home.variables)
        let task = Task { try await command.run(within: .seconds(600), limit: 100) }
        try await until("it runs") {
            (try? String(contentsOfFile: "\(home.path)/pid", encoding: .utf8))?.contains("\n") == true
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("a command that writes without end is killed")
    func endlessCommand() async throws {
        let command = Command(path: "/bin/sh", arguments: ["sh", "-c", "yes"], environment: ["PATH": "/usr/bin:/bin"])
        let result = try await command.run(within: .seconds(60), limit: 1000)
        guard case .tooLong = result else {
            Issue.record("it wasn't stopped")
            return
        }
    }

    @Test(
        "a container's token goes to this machine and to AWS's agents alone",
        arguments: [
            ("http://127.0.0.1:80/a", true), ("http://127.8.8.8/a", true), ("http://localhost/a", true),
            ("http://[::1]:1/a", true), ("http://169.254.170.2/a", true), ("http://169.254.170.23/v1", true),
            ("http://[fd00:ec2::23]/v1", true), ("https://example.org/a", true), ("http://example.org/a", false),
            ("http://127.0.0.1.example.org/a", false), ("http://169.254.170.2@example.org/", false),
            ("ftp://127.0.0.1/", false), ("http:///a", false), ("127.0.0.1", false), ("", false),
        ]
    )
    func containerHosts(_ url: String, _ isAllowed: Bool) {
        let result = Result { try CredentialLookup.checkContainer(url) }
        #expect(((try? result.get()) != nil) == isAllowed)
    }

    @Test("a container's token with a line end is refused, and the agent at its usual address is asked by a path")
    func containerRequests() async throws {
        let transport = FakeTransport { _, _ in
            .success(#"{"AccessKeyId":"K","SecretAccessKey":"S","Token":"T","Expiration":"2099-01-01T00:00:00Z"}"#)
        }
        func find(_ token: String) async throws -> CredentialChain.Outcome {
            let variables = [
                "HOME": "/nonexistent", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/creds",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
            ]
            return try await CredentialChain(
                CredentialSettings(),
                PluginContext(configuration: KeyConfiguration(), environment: variables),
                AWSCaller(transport, .real),
                local: transport
            )
            .find()
        }
        #expect(try await find("a").result.get().texts == ["K", "S", "T"])
        #expect(transport.sent.map(\.url) == ["http://169.254.170.2/v2/creds"])
        #expect(transport.sent.first?.headers["Authorization"] == "a")
        #expect(try await find("a\r\nX: b").report.entries.last?.outcome == .failed)
        #expect(transport.sent.count == 1)
    }
}

/// Whether a process has ended and nobody has collected it, as in a container whose first process collects nothing.
private func isZombie(_ pid: pid_t) -> Bool {
    (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?.contains(") Z ") ?? true
}
#endif
