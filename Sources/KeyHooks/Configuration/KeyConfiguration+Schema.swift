public import LightFoundation

extension KeyConfiguration {
    /// The JSON Schema of `keyhooks.json`, for editors and other tools.
    ///
    /// A configuration names it under `$schema`; that key is for editors only and is not followed.
    public static var schema: Data { Data(PackageResources.keyhooks_schema_json) }
}
