package import Foundation

/// An answer of the server, whatever its status.
package struct BaoReply: Sendable, CustomStringConvertible {
    package let status: Int
    /// With lower-case names.
    package let headers: [String: String]
    package let body: Data

    /// The value at a dotted path such as `data.data.key` or `errors.0`, when it is a text.
    package func string(_ path: String) -> String? { value(path) as? String }

    /// The value at a dotted path, when it is a number.
    package func int(_ path: String) -> Int? { (value(path) as? NSNumber)?.intValue }

    /// The value at a dotted path, when it is true or false.
    package func bool(_ path: String) -> Bool? { value(path) as? Bool }

    /// Whether there is anything but null at a dotted path.
    package func has(_ path: String) -> Bool { value(path).map { !($0 is NSNull) } ?? false }

    /// The texts of the list at a dotted path; none if there is no such list.
    package func strings(_ path: String) -> [String] { value(path) as? [String] ?? [] }

    /// The texts under `errors`, or nil when the answer has no such list.
    package var errors: [String]? { value("errors") as? [String] }

    /// The text at a dotted path that the answer must have.
    package func required(_ path: String) throws -> String {
        guard let text = string(path) else { throw BaoFailure("no '\(path)' in \(self)") }
        return text
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var description: String { "\(status) \(text)" }

    private func value(_ path: String) -> Any? {
        var value = try? JSONSerialization.jsonObject(with: body)
        for part in path.split(separator: ".") {
            if let object = value as? [String: Any] {
                value = object[String(part)]
            } else if let list = value as? [Any], let index = Int(part), list.indices.contains(index) {
                value = list[index]
            } else {
                return nil
            }
        }
        return value
    }
}
