/// Where a setting is in its document, written as people write it: `providers.openai.env[1]`.
package struct ConfigurationPath: Sendable, Hashable {
    private let text: String

    private init(text: String) { self.text = text }

    /// The document itself.
    package static let root = ConfigurationPath(text: "")

    /// The path of a member of the object at this path; a name that looks like a key is not shown.
    package func appending(_ name: String) -> ConfigurationPath {
        if PastedKey.isIn(name) { return ConfigurationPath(text: "\(text)[\"…\"]") }
        let shown = displayText(name)
        guard !name.isEmpty, name.utf8.allSatisfy(\.isPlainInPath) else {
            return ConfigurationPath(text: "\(text)[\"\(shown)\"]")
        }
        return ConfigurationPath(text: text.isEmpty ? shown : "\(text).\(shown)")
    }

    /// The path of an element of the array at this path.
    package func appending(_ index: Int) -> ConfigurationPath { ConfigurationPath(text: "\(text)[\(index)]") }
}

extension ConfigurationPath: CustomStringConvertible {
    /// The path as text; empty for the document itself.
    package var description: String { text }
}

extension ConfigurationPath: ExpressibleByStringLiteral {
    /// Takes a path as it is written, for a section that was cut out of a larger document.
    package init(stringLiteral value: String) { self.init(text: value) }
}

extension UInt8 {
    /// Whether a name of such bytes reads well after a dot.
    fileprivate var isPlainInPath: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"): true
        default: self >= 0x80
        }
    }
}
