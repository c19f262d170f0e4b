import JSON5Syntax

/// The id of a service that wants a key: a provider, a gateway, a search tool.
///
/// The spelling is normalised: ASCII letters become lower case, runs of `-`, `.`, `_` and white space become one `_`,
/// and such runs at either end are dropped, so that `Z.AI`, `z-ai` and `z_ai` are one id. Aliases such as `z_ai` for
/// `zai` are the catalogue's business, since a configuration may add some.
public struct Service: Hashable, Sendable {
    /// The normalised id.
    public let id: String

    /// Normalises a name.
    ///
    /// Any text makes a service; one with other characters than letters, digits and separators is refused when it is
    /// resolved, with ``KeyResolutionError/Code/invalidService``.
    ///
    /// - Parameter name: The name as a user or a framework writes it.
    public init(_ name: String) { id = Self.isNormalised(name.utf8) ? name : Self.normalised(name.utf8) }

    /// Whether the id consists of 1 to 128 lower-case ASCII letters, digits and underscores.
    public var isValid: Bool {
        !id.isEmpty && id.utf8.count <= 128 && id.utf8.allSatisfy { Self.isWordByte($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isNormalised(_ name: String.UTF8View) -> Bool {
        var previousIsSeparator = true
        for byte in name {
            if byte == UInt8(ascii: "_") {
                if previousIsSeparator { return false }
                previousIsSeparator = true
            } else {
                guard isWordByte(byte) else { return false }
                previousIsSeparator = false
            }
        }
        return !previousIsSeparator
    }

    private static func normalised(_ name: String.UTF8View) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.count)
        var separatorIsOwed = false
        for byte in name {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: " "), UInt8(ascii: "\t"):
                separatorIsOwed = !bytes.isEmpty
            default:
                if separatorIsOwed { bytes.append(UInt8(ascii: "_")) }
                separatorIsOwed = false
                let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                bytes.append(isUpper ? byte | 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Service: ExpressibleByStringInterpolation {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public init(stringLiteral value: String) { self.init(value) }
}

extension Service: CustomStringConvertible {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public var description: String { id }
}

extension Service: Comparable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func < (left: Service, right: Service) -> Bool { left.id < right.id }
}

extension Service {
    /// Refuses what names no service.
    ///
    /// - Parameter catalogue: The services that are known.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidService`.
    package func check(in catalogue: ServiceCatalogue = .standard) throws(KeyResolutionError) {
        try refuseModel(in: catalogue)
        guard !PastedKey.isInPlaceOfService(id) else { throw .pastedKey }
        guard isValid else {
            // What is long and no id may be a key of a kind that nobody knows.
            let isShort = id.utf8.count < 20
            let what = isShort ? "'\(displayText(id))'" : "what was given as the service"
            let model = splitAtModel.map { "; a service is the part before '\($0.separator)'" } ?? ""
            throw KeyResolutionError(
                .invalidService,
                "\(what) isn't a valid service id",
                remedy: "use 1 to 128 letters, digits, '-', '.' and '_', as in 'openai'\(model)"
            )
        }
    }

    /// Refuses the id of a model of a service that is known, such as `openai/gpt-4o`, as LiteLLM and others write it.
    ///
    /// What stands behind the service is not repeated: it may be anything.
    ///
    /// - Parameter catalogue: The services that are known.
    /// - Throws: A ``KeyResolutionError`` with the code `invalidService`.
    package func refuseModel(in catalogue: ServiceCatalogue) throws(KeyResolutionError) {
        guard let (service, separator) = splitAtModel, catalogue.knows(service) else { return }
        throw KeyResolutionError(
            .invalidService,
            "a service has no '\(separator)' in its id",
            remedy: "is '\(service)' what you mean? A service is the part before '\(separator)'"
        )
    }

    /// What stands before the first slash or colon; nil if there is neither.
    private var splitAtModel: (service: Service, separator: Character)? {
        id.firstIndex { $0 == "/" || $0 == ":" }.map { (Service(String(id[..<$0])), id[$0]) }
    }
}
