/// A key that the configuration or the program gives for a service.
struct ConstantKey: Hashable, Sendable {
    let key: APIKey

    init(_ key: APIKey) {
        self.key = key
    }

    // A hash would say something about the value.
    func hash(into hasher: inout Hasher) {}
}
