#if AWS
import HTTPTransport
import JSON5Syntax
import KeyHooks
import ServerSettings

extension AWSConfiguration {
    /// Reads what a section says beside the words that every manager has.
    init(_ section: PluginSection, in whole: KeyConfiguration) throws(KeyResolutionError) {
        self = try section.read(in: whole) { reader in
            AWSConfiguration(from: &reader, in: ConfigurationFolder(of: whole))
        }
    }

    private init(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        self.init()
        region = reader.read("region") { $0.checked { _ = try AWSRegion($0, from: "'region'") } }
        profile = reader.read("profile") { $0.word("the name of a profile, such as default") }
        endpoint = reader.read("endpoint") { $0.checked { _ = try EndpointURL($0, setting: "endpoint") } }
        accessKey = reader.object("accessKey") { AWSAccessKeyReference(from: &$0, in: folder) }
        if profile != nil, accessKey != nil { reader.reject("accessKey", "'profile' says whose it is: take one out") }
        usesFIPS = reader.bool("fips")
        usesDualStack = reader.bool("dualStack")
        stage = reader.read("stage") { $0.stage() } ?? stage
        kmsKey = reader.read("kmsKey") { $0.word("the id, ARN or alias of a KMS key") }
        replicas = reader.array("replicas") { AWSReplica(from: &$0) } ?? []
        recoveryWindow = reader.read("recoveryWindow") { $0.recoveryWindow() }
        transport = HTTPTransportSettings(from: &reader, in: folder, of: EndpointURL.kind)
        var seen: Set<String> = []
        for replica in replicas {
            if replica.region == region { reader.reject("replicas", "has the region of the secrets themselves") }
            if !seen.insert(replica.region).inserted { reader.reject("replicas", "has \(replica.region) twice") }
        }
    }
}

extension AWSAccessKeyReference {
    fileprivate init?(from reader: inout JSONObjectReader, in folder: ConfigurationFolder) {
        reader.require("id", "secret")
        let id = reader.read("id") { SecretReference.read(&$0) }
        let secret = reader.read("secret") { SecretReference.read(&$0) }
        let token = reader.read("sessionToken") { SecretReference.read(&$0) }
        guard let id, let secret else { return nil }
        self.init(
            id: folder.reference(id),
            secret: folder.reference(secret),
            sessionToken: token.map(folder.reference)
        )
    }
}

extension AWSReplica {
    /// A region, or an object with one.
    fileprivate init?(from reader: inout JSONValueReader) {
        let check = { (text: String) throws in _ = try AWSRegion(text, from: "'replicas'") }
        if reader.node.members == nil {
            guard let region = reader.checked(check) else { return nil }
            self.init(region)
            return
        }
        let replica = reader.object { reader -> AWSReplica? in
            reader.require("region")
            let region = reader.read("region") { $0.checked(check) }
            let key = reader.read("kmsKey") { $0.word("the id, ARN or alias of a KMS key") }
            return region.map { AWSReplica($0, kmsKey: key) }
        }
        guard let replica else { return nil }
        self = replica
    }
}

extension JSONValueReader {
    /// A text without blanks at its ends, control characters and line ends.
    fileprivate mutating func word(_ what: String) -> String? {
        text("expected \(what)") { text in
            let isFit = !text.isEmpty && text.utf8.count <= 2_048 && text.utf8.allSatisfy { $0 > 0x1F && $0 != 0x7F }
            return isFit && text.first != " " && text.last != " " ? text : nil
        }
    }

    /// A staging label.
    fileprivate mutating func stage() -> String? {
        text("expected a staging label, such as AWSCURRENT: at most 256 characters") {
            StagingLabel.isValid($0) ? $0 : nil
        }
    }

    fileprivate mutating func recoveryWindow() -> Duration? {
        guard let window = duration() else { return nil }
        do {
            _ = try RecoveryWindow(window)
            return window
        } catch {
            reject("\(error.message): \(error.remedy)")
            return nil
        }
    }
}

/// What AWS calls a version by, beside its id.
enum StagingLabel {
    /// The version that is given to whoever asks for none.
    static let current = "AWSCURRENT"

    static func isValid(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
#endif
