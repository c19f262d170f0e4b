#if AWS
import ExtensionHooks
import JSON5Syntax
import KeyHooks
import Testing

@testable import AWSSecretsManager

@Suite("What the section 'aws' may say")
struct SectionTests {
    private static func fault(_ section: String, _ more: String = "") -> String {
        do {
            _ = try KeyResolver(
                configuration: try KeyConfiguration(parsing: #"{"plugins": {"aws": {\#(section)}} \#(more)}"#),
                plugins: [AWSPlugin.plugin],
                environment: ["HOME": "/nonexistent"]
            )
            return ""
        } catch {
            return error.message
        }
    }

    @Test("All words are taken")
    func all() {
        let section = """
            secret: 'prod/{service}', field: 'key', prefix: 'a/', hosted: ['openai'], ttl: '1h', timeout: '5s',
            access: 'read-write', description: 'd', tags: {team: 'ai'}, fallback: 'unavailable',
            region: 'us-gov-west-1', endpoint: 'https://vpce-1.secretsmanager.us-east-1.vpce.amazonaws.com',
            accessKey: {id: 'env:A', secret: 'file:/run/b', sessionToken: 'env:C'}, fips: true, dualStack: false,
            stage: 'AWSPENDING', kmsKey: 'alias/x', replicas: ['eu-west-1', {region: 'eu-west-2', kmsKey: 'alias/y'}],
            recoveryWindow: '7d', caCert: '/etc/ca.pem', proxy: false
            """
        #expect(Self.fault(section) == "")
    }

    @Test(
        "Mistakes are named with their place",
        arguments: [
            ("secret: 'a', regoin: 'us-east-1'", "region"),
            ("secret: 'a', region: 'evil.example/'", "plugins.aws.region"),
            ("secret: 'a', kind: 'aws'", "plugins.aws.kind"),
            ("secret: 'a', endpoint: 'ftp://x'", "plugins.aws.endpoint"),
            ("secret: 'a', accessKey: {id: 'AKIA1234', secret: 'env:B'}", "plugins.aws.accessKey.id"),
            ("secret: 'a', accessKey: {id: 'env:A'}", "secret"),
            ("secret: 'a', accessKey: {id: 'env:A', secret: 'env:B'}, profile: 'p'", "profile"),
            ("secret: 'a', stage: 'A B'", "plugins.aws.stage"), ("secret: 'a', recoveryWindow: '3d'", "7 to 30"),
            ("secret: 'a', region: 'eu-west-1', replicas: ['eu-west-1']", "replicas"),
            ("secret: 'a', replicas: ['eu-west-2', 'eu-west-2']", "twice"), ("secret: '../a'", "plugins.aws.secret"),
            ("secret: 'a', replicas: [{kmsKey: 'x'}]", "region"), ("secret: 'a', hosted: [1]", "plugins.aws.hosted"),
        ]
    )
    func mistakes(_ section: String, _ words: String) {
        let fault = Self.fault(section)
        #expect(fault.contains(words), "\(fault)")
        #expect(!fault.contains("AKIA1234"))
    }

    @Test("Several mistakes are told at once, of words of every manager and of its own")
    func together() {
        let fault = Self.fault("secret: '../a', stage: 'A B', region: '-'")
        for word in ["plugins.aws.secret", "plugins.aws.stage", "plugins.aws.region"] { #expect(fault.contains(word)) }
    }

    @Test(
        "A service that is to be asked of it, and that it can't have, is a mistake",
        arguments: [
            ("secret: 'a', hosted: ['groq']", "plugins.aws.hosted"), ("region: 'us-east-1'", "plugins.aws"),
            ("secret: 'a', access: 'write-only'", "plugins.aws.access"),
        ]
    )
    func inVain(_ section: String, _ words: String) {
        let fault = Self.fault(section, #", "providers": {"openai": {"source": "aws"}}"#)
        #expect(fault.contains(words), "\(fault)")
    }

    @Test("What is said of one service is checked")
    func service() {
        #expect(Self.fault("secret: 'a'", #", "providers": {"openai": {"aws": {"secret": "b", "field": "k"}}}"#) == "")
        let fault = Self.fault("secret: 'a'", #", "providers": {"openai": {"aws": {"sekret": "b"}}}"#)
        #expect(fault.contains("providers.openai.aws"), "\(fault)")
    }

    @Test(
        "Whoever trusts a file is told where signatures go and whose they are",
        arguments: [
            (
                "secret: 'a'",
                ["signs requests to Secrets Manager at AWS, or", "credential_process", "secret = \"a\""]
            ),
            (
                "secret: 'a', endpoint: 'http://203.0.113.7:4566', accessKey: {id: 'env:ID', secret: 'file:/run/s'}",
                ["203.0.113.7:4566", "the variable ID", "/run/s", "unencrypted"]
            ),
            (
                "secret: 'a', profile: 'admin', region: 'eu-west-1', caCert: '/tmp/ca'",
                ["admin", "eu-west-1", "/tmp/ca"]
            ),
        ]
    )
    func effects(_ section: String, _ words: [String]) throws {
        for place in ["plugins: {aws: {\(section)}}", "managers: {x: {kind: 'aws', \(section)}}"] {
            let configuration = try KeyConfiguration(parsing: "{\(place)}")
            let lines = ConfigurationEffects(of: configuration, plugins: [AWSPlugin.self]).lines.joined(separator: "\n")
            for word in words { #expect(lines.contains(word), "\(lines)") }
        }
    }
}
#endif
