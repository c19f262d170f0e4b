import KeyHooks
import Testing

extension TemporaryFolder {
    /// Trusts a configuration as `keyhooks trust` does; without an environment the home is `home` in the folder.
    func trust(_ name: String, _ environment: [String: String]? = nil) throws {
        let store = try #require(TrustStore(environment: environment ?? ["HOME": file("home")]))
        try store.trust(FoundConfiguration(file(name)), effects: [])
    }
}
