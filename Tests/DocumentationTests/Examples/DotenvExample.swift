import DotenvSyntax

private func dotenv(_ bytes: [UInt8], _ newKey: String) throws {
    var file = try DotenvFile(parsing: bytes)
    let key = file["OPENAI_API_KEY"]  // the last line with this name wins
    try file.set("OPENAI_API_KEY", to: newKey)  // every other byte stays as it was
    let text = file.bytes
    _ = (key, text)
}
