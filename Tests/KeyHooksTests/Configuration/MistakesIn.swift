import KeyHooks
import Testing

/// What a configuration is refused with, each mistake on a line without the name of the file.
func configurationMistakes(in text: String) async throws -> [String] {
    try await withFolder { folder in
        let path = try folder.write("keyhooks.json", text)
        let error = try await failure { try KeyConfiguration.read(from: path) }
        #expect(error.code == .invalidConfiguration)
        #expect(!error.remedy.isEmpty)
        return error.message.split(separator: "\n")
            .map { line in
                #expect(line.hasPrefix("\(path):"))
                return String(line.dropFirst(path.count + 1))
            }
    }
}

/// A configuration as a file says it.
func readConfiguration(_ text: String) async throws -> KeyConfiguration {
    try await withFolder { try KeyConfiguration.read(from: try $0.write("keyhooks.json", text)) }
}
