/// The variables that OpenBao's own tools read.
///
/// A `BAO_` variable that is set, even to nothing, hides the `VAULT_` one of the same name, as in OpenBao's `api` module.
struct BaoEnvironment: Sendable {
    private let process: [String: String]

    init(_ process: [String: String]) {
        self.process = process
    }

    func value(_ name: String) -> String? {
        let value = process["BAO_\(name)"] ?? process["VAULT_\(name)"]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    subscript(exactly name: String) -> String? {
        process[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    var home: String? { self[exactly: "HOME"] }
}

extension BaoEnvironment: CustomReflectable {
    /// Leaves the process environment out.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
