extension HTTPTransportRequest {
    /// Refuses what would be read as more than one line, and fields that would not be sent as they are.
    func check() throws(HTTPTransportError) {
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isOfToken) else {
            throw HTTPTransportError(.invalidRequest, detail: "the method isn't a word")
        }
        var names: Set<String> = []
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfToken) else {
                throw HTTPTransportError(.invalidRequest, detail: "the name of a header field isn't valid")
            }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPTransportError(
                    .invalidRequest,
                    detail: "the header field '\(name)' has a line end or another control character"
                )
            }
            let key = name.lowercased()
            guard names.insert(key).inserted else {
                throw HTTPTransportError(.invalidRequest, detail: "the header field '\(key)' is there twice")
            }
            guard !Self.ownFields.contains(key) else {
                throw HTTPTransportError(.invalidRequest, detail: "the header field '\(key)' is the transport's to set")
            }
        }
    }

    /// How the body is sent, and which answers are asked for, is not the caller's to say.
    private static let ownFields: Set = ["accept-encoding", "content-length", "expect", "transfer-encoding"]

    private static func isOfToken(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !#""(),/:;<=>?@[\]{}"#.utf8.contains(byte)
    }
}
