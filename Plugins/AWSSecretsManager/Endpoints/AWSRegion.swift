#if AWS
import KeyHooks

/// The name of a region that may stand in a host name.
struct AWSRegion: Hashable, Sendable {
    let name: String

    /// Whether it was written as `fips-us-east-1` or `us-east-1-fips`, as older programs do.
    let isFIPS: Bool

    /// Where it is from, for texts.
    let origin: String

    /// - Throws: A `KeyResolutionError` for what isn't a region; a host of somebody else's could be made of it.
    init(_ text: String, from origin: String) throws(KeyResolutionError) {
        isFIPS = text.hasPrefix("fips-") || text.hasSuffix("-fips")
        name = isFIPS ? text.replacing("fips-", with: "").replacing("-fips", with: "") : text
        self.origin = origin
        guard !name.isEmpty, name.utf8.count <= 63, !name.hasPrefix("-"), !name.hasSuffix("-"),
            name.utf8.allSatisfy(Self.isOfLabel), !name.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw .invalidConfiguration(
                "the region in \(origin) isn't valid",
                remedy: "write a region such as us-east-1"
            )
        }
    }

    private static func isOfLabel(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
    }
}
#endif
