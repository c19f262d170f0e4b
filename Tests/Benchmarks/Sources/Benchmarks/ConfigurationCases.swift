import Foundation
import KeyHooks

/// Loading a configuration and making a resolver of it; `count` is 1, so the result is nanoseconds for the whole.
enum ConfigurationCases {
    static func all() throws -> [Case] {
        let flat = try [12_500, 50_000]
            .map { count in
                try load("configuration of \(count) providers", "{\"providers\":{\(list(count) { "\"p\($0)\":{}" })}}")
            }
        let squared = try [250, 1_000]
            .map { count in
                let providers = list(count) { "\"p\($0)\":{}" }
                let profiles = list(count) { "\"q\($0)\":{\"providers\":{\"p\($0)\":{}}}" }
                return try load(
                    "configuration of \(count) profiles over \(count) providers",
                    "{\"providers\":{\(providers)},\"profiles\":{\(profiles)}}"
                )
            }
        return flat + squared
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        (0..<count).map(element).joined(separator: ",")
    }

    private static func load(_ name: String, _ text: String) throws -> Case {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("keyhooks-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        return Case(name, count: 1) { [path = file.path] _ in
            _ = opaque(try KeyResolver(configuration: .read(from: path), environment: [:]))
        }
    }
}
