import Testing

@testable import KeyHooks

@Suite("SHA-256")
struct SHA256Tests {
    /// The first three are NIST's examples; the others were made with Python's hashlib.
    @Test(
        "It gives the published hashes",
        arguments: [
            ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
            ("x", 55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"),
            ("x", 56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"),
            ("x", 63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"),
            ("x", 64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"),
            ("x", 119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c"),
        ]
    )
    func published(text: String, count: Int, hash: String) {
        let bytes = Array(String(repeating: text, count: count).utf8)
        var whole = SHA256()
        whole.update(bytes)
        #expect(whole.hexadecimal() == hash)
        var parts = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 97) {
            parts.update(bytes[start..<min(start + 97, bytes.count)])
        }
        #expect(parts.hexadecimal() == hash)
    }
}
