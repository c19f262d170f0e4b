#if CLI
import ArgumentParser
import DotenvSyntax
import JSON5Syntax
import KeyHooks

/// How keys are printed as variables.
enum KeyFormat: String, ExpressibleByArgument, CaseIterable {
    case dotenv, json, shell

    /// The keys under the first variable of each service; services that require none are left out.
    ///
    /// - Throws: A `KeyResolutionError` if two services have the same variable, or a key can't be written so.
    func text(
        of answers: [(service: Service, answer: KeyAnswer)],
        in catalogue: ServiceCatalogue,
        field: String?
    ) throws(KeyResolutionError) -> String {
        var variables: [(name: String, value: String)] = []
        for case (let service, .found(let key)) in answers {
            let name = Self.variable(of: service, in: catalogue, field: field)
            if let other = variables.first(where: { $0.name == name }) {
                guard other.value == key.value else {
                    throw unfit(
                        name,
                        "belongs to two of these services, with two keys",
                        remedy: "ask for them one by one"
                    )
                }
                continue
            }
            variables.append((name, key.value))
        }
        switch self {
        case .json:
            let object = JSONNode(.object(variables.map { JSONMember($0.name, .string($0.value)) }))
            return String(decoding: (try? object.jsonBytes()) ?? [], as: UTF8.self) + "\n"
        case .dotenv:
            var file = DotenvFile()
            for (name, value) in variables {
                do {
                    try file.set(name, to: value)
                } catch {
                    throw unfit(name, "can't be written as a dotenv line: \(displayLines("\(error)"))")
                }
            }
            return String(decoding: file.bytes, as: UTF8.self)
        case .shell:
            var text = ""
            for (name, value) in variables {
                guard let first = name.utf8.first, !(0x30...0x39).contains(first), !value.utf8.contains(0) else {
                    throw unfit(name, "can't be a variable of a shell")
                }
                text += "export \(name)='\(value.replacing("'", with: #"'\''"#))'\n"
            }
            return text
        }
    }

    private static func variable(of service: Service, in catalogue: ServiceCatalogue, field: String?) -> String {
        let definition = catalogue.definition(of: service)
        let variables = field.map { definition.fields[$0] ?? [] } ?? definition.variables
        if let name = variables.first?.name { return name }
        let words = ([definition.service.id] + [field ?? "api_key"]).joined(separator: "_")
        return String(words.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }).uppercased()
    }

    private func unfit(_ name: String, _ what: String, remedy: String = "use --format json") -> KeyResolutionError {
        KeyResolutionError(.invalidScope, "\(name) \(what); nothing was printed", remedy: remedy)
    }
}
#endif
