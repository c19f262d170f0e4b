import DotenvSyntax
import JSON5Syntax

/// What is in the file of a ``FileSecretManager``, which keeps all that isn't changed as it was written.
struct SecretDocument {
    private enum Form {
        case json([JSONMember])
        case dotenv(DotenvFile)
    }

    private var form: Form
    private let path: String

    /// What is in a file that isn't there yet.
    init(empty format: FileSecretManager.Format, _ path: String) {
        self.path = path
        form = format == .json ? .json([]) : .dotenv(DotenvFile())
    }

    /// Understands a file.
    init(_ bytes: [UInt8], _ format: FileSecretManager.Format, _ path: String) throws(KeyResolutionError) {
        self.path = path
        if format == .dotenv {
            do {
                let options = DotenvFile.Options(maximumBytes: FileSecretManager.sizeLimit)
                form = .dotenv(try DotenvFile(parsing: bytes, options: options))
            } catch {
                throw Self.damaged(path, displayLines("\(error)"))
            }
            return
        }
        // An object that was cut to nothing would look like one that never had a secret.
        guard bytes.contains(where: { $0 > 0x20 }) else { throw Self.damaged(path, "it is empty") }
        let node: JSONNode
        do {
            node = try JSONParser.parse(bytes, syntax: .jsonKeepingNumbers, limits: .init(size: bytes.count))
        } catch {
            throw Self.damaged(path, "\(error)")
        }
        guard let members = node.members else { throw Self.damaged(path, "it isn't a JSON object") }
        form = .json(members)
    }

    private static func damaged(_ path: String, _ what: String) -> KeyResolutionError {
        .invalidConfiguration(
            "the file of secrets \(FileFault.shown(path)) can't be understood: \(what)",
            remedy: "fix the file; nothing of it is changed before that"
        )
    }

    /// The names of all secrets.
    var names: [String] {
        switch form {
        case .json(let members): members.filter { $0.value.kind != .null }.map(\.name)
        case .dotenv(let file): file.names.filter { file[$0] != nil }
        }
    }

    /// What a secret holds; nil if there is none.
    subscript(name: SecretName) -> SecretContent? {
        get throws(KeyResolutionError) {
            switch form {
            case .dotenv(let file): return file[name.rawValue].map { .text($0) }
            case .json(let members):
                guard let node = members.first(where: { $0.name.hasSameBytes(as: name.rawValue) })?.value else {
                    return nil
                }
                switch node.kind {
                case .null: return nil
                case .string(let text): return .text(text)
                case .object: return SecretContent(.fields(node))
                default:
                    // As it is written: a number of 20 digits has no other form.
                    return (try? node.jsonBytes()).map { .text(String(decoding: $0, as: UTF8.self)) }
                }
            }
        }
    }

    /// Puts a secret in, in the place of what had its name.
    mutating func set(_ name: SecretName, to content: SecretContent) throws(KeyResolutionError) {
        switch form {
        case .json(var members):
            let node =
                switch content.form {
                case .text(let text): JSONNode.string(text)
                case .fields(let node): node
                }
            let member = JSONMember(name.rawValue, node)
            if let index = members.firstIndex(where: { $0.name.hasSameBytes(as: name.rawValue) }) {
                members[index] = member
            } else {
                members.append(member)
            }
            form = .json(members)
        case .dotenv(var file):
            guard let text = content.text else {
                throw .invalidConfiguration(
                    "\(name) has fields, and a dotenv file has none",
                    remedy: "write one text, or use a JSON file"
                )
            }
            do {
                try file.set(name.rawValue, to: text)
            } catch {
                throw .invalidConfiguration(
                    "\(name) can't be written into \(FileFault.shown(path)): \(displayLines("\(error)"))",
                    remedy: "use a JSON file, which takes every name and value"
                )
            }
            form = .dotenv(file)
        }
    }

    /// Takes a secret out; one that isn't there is out.
    mutating func remove(_ name: SecretName) throws(KeyResolutionError) {
        switch form {
        case .json(var members):
            members.removeAll { $0.name.hasSameBytes(as: name.rawValue) }
            form = .json(members)
        case .dotenv(var file):
            do {
                try file.remove(name.rawValue)
            } catch {
                throw .invalidConfiguration(
                    "\(name) can't be taken out of \(FileFault.shown(path)): \(displayLines("\(error)"))",
                    remedy: "edit the file by hand"
                )
            }
            form = .dotenv(file)
        }
    }

    /// The file as it is written: JSON with one secret a line, so that people can read and compare it.
    var bytes: [UInt8] {
        switch form {
        case .dotenv(let file): return file.bytes
        case .json(let members):
            var bytes: [UInt8] = Array("{".utf8)
            for (index, member) in members.enumerated() {
                let one = (try? JSONNode(.object([member])).jsonBytes()) ?? []
                bytes += (index == 0 ? "\n  " : ",\n  ").utf8
                bytes += one.dropFirst().dropLast()
            }
            return bytes + (members.isEmpty ? "}\n" : "\n}\n").utf8
        }
    }
}
