import JSON5Syntax

/// What plugins are made from.
public struct PluginContext: Sendable {
    /// The whole configuration.
    public let configuration: KeyConfiguration

    /// The process environment, for plugins' own credentials.
    public let environment: [String: String]

    /// Describes what plugins are made from.
    ///
    /// - Parameters:
    ///   - configuration: The whole configuration.
    ///   - environment: The process environment.
    public init(configuration: KeyConfiguration, environment: [String: String]) {
        self.configuration = configuration
        self.environment = environment
    }
}

extension PluginContext: CustomStringConvertible {
    /// Where the configuration is from, the plugins it has sections of and how many variables there are; never a value.
    public var description: String {
        let plugins = configuration.pluginIDs.map(\.rawValue).joined(separator: ", ")
        return displayLines(
            "PluginContext(configuration: \(configuration.path ?? "made in code"), sections: [\(plugins)], "
                + "environment: \(environment.count) variables)"
        )
    }
}

extension PluginContext: CustomReflectable {
    /// The names of variables and no value: a dump of a plugin that keeps its context would show them all.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "configuration": configuration.path ?? "made in code",
                "sections": configuration.pluginIDs.map(\.rawValue),
                "environment": environment.keys.sorted(),
            ]
        )
    }
}
