import JSON5Syntax
import KeyHooks

/// What is said of a secret without a usable field: why, and where the key is to be put.
struct FieldAdvice {
    /// A field that is there without a value, and its state as it follows "is": null, empty or blank.
    typealias UnsetField = (name: String, state: String)

    let location: BaoLocation

    private var address: SecretAddress { location.address }

    /// Why a secret that is there has no key.
    ///
    /// - Parameters:
    ///   - unset: The fields that are there without a value.
    ///   - fields: The secret; only names of it that resemble those tried are shown.
    /// - Returns: The reason.
    func reason(unset: [UnsetField], in fields: JSONNode) -> String {
        var parts = unset.map { "field \($0.name) is \($0.state)" }
        let missing = location.fields.filter { name in !unset.contains { $0.name == name } }
        if !missing.isEmpty { parts.append("no field \(missing.joined(separator: ", "))") }
        let similar = similarNames(in: fields)
        parts += similar.map { "\($0.found) is there, and is another name: rename it to \($0.wanted)" }
        let anonymous = anonymousNames(in: fields)
        if let wanted = location.fields.first {
            parts += anonymous.map { "\($0) is there, and doesn't say whose key it is: rename it to \(wanted)" }
        }
        if wrapsFields(fields) {
            parts.append("its fields are inside a field 'data': write them without that one more level")
        }
        if !address.kind.isLent, unset.isEmpty, similar.isEmpty, anonymous.isEmpty, !location.isOwn,
            location.fields.count > 1
        {
            parts.append("'field' or '{service}' in 'path' would allow other names")
        }
        return parts.joined(separator: "; ")
    }

    /// Whether a secret without the field has something that was probably meant for it.
    func hasClue(in fields: JSONNode) -> Bool {
        !similarNames(in: fields).isEmpty || !anonymousNames(in: fields).isEmpty || wrapsFields(fields)
    }

    /// Fields whose names differ by case, '-' and '_' alone.
    private func similarNames(in fields: JSONNode) -> [(found: String, wanted: String)] {
        // Secrets have up to some thousand fields.
        let wanted = Dictionary(location.fields.map { (Self.plain($0), $0) }) { first, _ in first }
        return (fields.members ?? [])
            .compactMap { member in
                guard let name = wanted[Self.plain(member.name)], fields[name] == nil else { return nil }
                return (displayText(member.name), name)
            }
    }

    /// Fields of a secret for many by which a service's own secret would be understood.
    private func anonymousNames(in fields: JSONNode) -> [String] {
        guard !location.isOwn, location.fields.count > 1 else { return [] }
        let common = SecretFields.commonNames.map(Self.plain)
        return (fields.members ?? []).map(\.name).filter { common.contains(Self.plain($0)) }.map { displayText($0) }
    }

    private static func plain(_ name: String) -> [UInt8] {
        name.utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
            .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    /// Whether somebody wrote the body of a request as the secret.
    private func wrapsFields(_ fields: JSONNode) -> Bool {
        guard let inner = fields["data"], inner.members != nil else { return false }
        return location.fields.contains { inner[$0] != nil }
    }
}

extension FieldAdvice {
    /// Where a key is to be put, with the command; empty if the configuration names no field.
    ///
    /// - Parameter absence: Why there is no secret; nil if there is one without the field.
    /// - Returns: One line, as a remedy.
    func remedy(_ absence: AbsenceReason? = nil) -> String {
        guard let field = location.fields.first else { return "" }
        if address.kind.isLent { return "say in 'field' which field of what is lent holds the key" }
        var place = "put it into \(address.secretPlace), "
        if case .missing? = absence, let other = address.misplacement { place = "\(other.remedy), or \(place)" }
        guard !field.hasPrefix("/") else { return place + "where \(field) points" }
        let pin = address.version.map { ", and take 'version' \($0) out of the configuration" } ?? ""
        let verb: String
        switch absence {
        case .deleted(let version?)?:
            return "bring version \(version) back, or put the key in anew: "
                + command("undelete", options: ["-versions=\(version)"])
        case .deleted?, .destroyed?, .missing?: verb = "put"
        case nil: verb = "patch"
        }
        // The tool would take what follows the first '=' for the value.
        if field.contains("=") { return place + "field \(field)\(pin); 'bao kv' takes no '=' in the name of a field" }
        return place + "field \(field)\(pin): " + command(verb, "\(field)=-")
    }

    /// A command of OpenBao's own tool; `-` takes the value from standard input, so that it is in no history of a
    /// shell.
    private func command(_ verb: String, options: [String] = [], _ field: String? = nil) -> String {
        let namespace = address.namespace.map { ["-namespace=\($0)"] } ?? []
        let mount = "-mount=\(address.mount.joined(separator: "/"))"
        let path = address.path.joined(separator: "/")
        // Not to be taken for an option.
        let end = path.hasPrefix("-") ? ["--"] : []
        let words = ["bao", "kv", verb] + namespace + [mount] + options + end + [path]
        return (words + (field.map { [$0] } ?? [])).map { FileFault.shellWord($0) }.joined(separator: " ")
    }
}
