#if AWS
import JSON5Syntax
import KeyHooks
import LightFoundation

/// What `~/.aws/config` and `~/.aws/credentials` say.
struct AWSProfiles: Sendable, CustomReflectable {
    /// The profiles of both files; the file of credentials wins setting by setting.
    private var merged: [String: [String: String]] = [:]

    /// The settings of one file alone.
    private(set) var ofCredentials: [String: [String: String]] = [:]
    private(set) var ofConfig: [String: [String: String]] = [:]
    private var sessions: [String: [String: String]] = [:]
    private var services: [String: [String: String]] = [:]

    let configFile: String
    let credentialsFile: String

    /// Reads both files; one that isn't there says nothing.
    ///
    /// - Throws: A `KeyResolutionError` for a file that can't be read or has a mistake, without a value.
    init(_ environment: AWSEnvironment) throws(KeyResolutionError) {
        configFile = environment.configFile
        credentialsFile = environment.credentialsFile
        for section in try Self.sections(configFile) {
            if section.heading == "default" {
                ofConfig["default"] = section.settings
            } else if let (kind, name) = Self.parts(section.heading) {
                switch kind {
                case "profile": ofConfig[name] = section.settings
                case "sso-session": sessions[name] = section.settings
                case "services": services[name] = section.settings
                default: break
                }
            }
        }
        for section in try Self.sections(credentialsFile) { ofCredentials[section.heading] = section.settings }
        merged = ofConfig.merging(ofCredentials) { $0.merging($1) { $1 } }
    }

    /// The names of profiles and no value.
    var customMirror: Mirror { Mirror(self, children: ["profiles": merged.keys.sorted()]) }

    /// The profile of a name; nil if there is none.
    func profile(_ name: String) -> AWSProfile? {
        guard let settings = merged[name] else { return nil }
        return AWSProfile(
            name: name,
            settings: settings,
            services: settings["services"].map { ($0, services[$0]) },
            session: settings["sso_session"].map { ($0, sessions[$0]) }
        )
    }

    /// The profile to go by; one that somebody named must be there.
    ///
    /// - Parameters:
    ///   - section: The profile in the section of the plugin.
    ///   - environment: The environment.
    /// - Returns: The profile; an empty one if nobody named one and there is no `default`.
    /// - Throws: A `KeyResolutionError` if the one that was named isn't there.
    func chosen(_ section: String?, _ environment: AWSEnvironment) throws(KeyResolutionError) -> AWSProfile {
        let named = section.map { (name: $0, variable: "'profile'") } ?? environment.profile
        guard let named else { return profile("default") ?? AWSProfile(name: "default") }
        if let profile = profile(named.name) { return profile }
        throw .invalidConfiguration(
            "the profile '\(displayText(named.name))', which \(named.variable) names, is in neither "
                + "\(FileFault.shown(configFile)) nor \(FileFault.shown(credentialsFile))",
            remedy: "add [profile NAME] to the first, or name another one"
        )
    }

    private static func sections(_ path: String) throws(KeyResolutionError) -> [ProfileText.Section] {
        let bytes: [UInt8]
        do {
            bytes = try FileReading.read(path, limit: 1 << 20).bytes
        } catch .missing {
            return []
        } catch {
            throw KeyResolutionError(
                .unavailable,
                error.reason(for: path),
                remedy: error.remedy(
                    or: "check that it may be read, or name another file in AWS_CONFIG_FILE or "
                        + "AWS_SHARED_CREDENTIALS_FILE"
                )
            )
        }
        do {
            return try ProfileText(String(decoding: bytes, as: UTF8.self)).sections
        } catch {
            throw .invalidConfiguration(
                "\(FileFault.shown(path)):\(error.line): \(error.text)",
                remedy: "fix that line; the AWS CLI doesn't take it either: aws configure list"
            )
        }
    }

    /// `profile NAME`, with a name that may be quoted.
    private static func parts(_ heading: String) -> (kind: String, name: String)? {
        guard let words = try? CommandWords.split(heading), words.count == 2 else { return nil }
        // botocore goes by how the heading begins.
        return ["profile", "sso-session", "services"].first(where: heading.hasPrefix).map { ($0, words[1]) }
    }
}

/// One profile, with the sections that it refers to.
struct AWSProfile: Sendable, CustomReflectable {
    let name: String
    private let settings: [String: String]
    private let services: (name: String, settings: [String: String]?)?
    let session: (name: String, settings: [String: String]?)?

    init(
        name: String,
        settings: [String: String] = [:],
        services: (name: String, settings: [String: String]?)? = nil,
        session: (name: String, settings: [String: String]?)? = nil
    ) {
        self.name = name
        self.settings = settings
        self.services = services
        self.session = session
    }

    /// A setting; an empty one counts as one.
    subscript(name: String) -> String? { settings[name] }

    var shownName: String { displayText(name) }

    var hasAccessKey: Bool { settings["aws_access_key_id"] != nil || settings["aws_secret_access_key"] != nil }

    /// Whether credentials of the profile are those of a role that others give.
    var hasRole: Bool { settings["role_arn"] != nil && settings["web_identity_token_file"] == nil }

    /// The endpoint of a service in the section that `services` names.
    func endpoint(of service: AWSService) throws(KeyResolutionError) -> String? {
        guard let services else { return nil }
        guard let settings = services.settings else {
            throw .invalidConfiguration(
                "the profile '\(shownName)' names services that are in no section",
                remedy:
                    "add [services \(displayText(services.name))] to the configuration file, or take 'services' away"
            )
        }
        return settings[service.variable.lowercased()]
            .flatMap { ProfileText.nested($0)["endpoint_url"] }
    }

    /// The names of settings and no value.
    var customMirror: Mirror { Mirror(self, children: ["name": name, "settings": settings.keys.sorted()]) }
}
#endif
