/// The JSON Schema of every message of the protocol, for authors of plugins and for the conformance runner.
package enum PluginMessageSchema {
    /// The schema as JSON.
    package static var json: [UInt8] { PackageResources.messages_schema_json }
}
