#if AWS
import AWSSecretsManager
import KeyHooks

/// The code of the articles on AWS, word for word.
enum AWSExamples {
    static func landing() throws -> KeyResolver {
        let resolver = try KeyResolver(configuration: .discover(), plugins: [AWSPlugin.plugin])
        return resolver
    }

    static func first() async throws -> APIKey {
        let resolver = try KeyResolver(configuration: .discover(), plugins: [AWSPlugin.plugin])
        let key = try await resolver.requireAPIKey(service: "openai")
        return key
    }

    static func change(with resolver: KeyResolver) async throws {
        let secrets = try resolver.secrets(in: "aws")
        try await secrets.write(.text("fake-1"), to: "prod/openai/api_key")
        try await secrets.write("fake-2", toField: "OPENAI_API_KEY", of: "prod/litellm/provider-keys")
        try await secrets.rotate("prod/openai/api_key", to: .text("fake-3"))
        try await secrets.delete("prod/openai/api_key", recoverableFor: .seconds(7 * 86_400))
    }

    static func restore() async throws {
        var configuration = AWSConfiguration()
        configuration.region = "us-east-1"
        let manager = try AWSSecretManager(configuration)
        try await manager.restore(SecretName("prod/openai/api_key"))
    }
}
#endif
