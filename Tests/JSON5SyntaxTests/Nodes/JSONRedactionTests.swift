import JSON5Syntax
import Testing

@Suite("JSON5: values are never printed")
struct JSONRedactionTests {
    static let secret = "sk-canary-0123456789"
    static let document = "{providers:{openai:{key:'\(secret)',pin:7777777,ok:true,list:['\(secret)',[7777777.5]]}}}"

    struct Holder {
        let node: JSONNode
        let kind: JSONNode.Kind
        let optional: JSONNode?
        let members: [JSONMember]
        let number: JSONNumber
        var reader: JSONObjectReader
        var value: JSONValueReader
    }

    static func holder() throws -> Holder {
        let node = try parse(document)
        let inner = try #require(node["providers"]?["openai"])
        return Holder(
            node: node,
            kind: inner.kind,
            optional: inner["key"],
            members: inner.members ?? [],
            number: .integer(7_777_777),
            reader: JSONObjectReader(inner, path: .root),
            value: JSONValueReader(inner, path: .root.appending("providers"))
        )
    }

    static func shows(_ text: String) -> Bool { text.contains("canary") || text.contains("77777") }

    @Test func printing() throws {
        let holder = try Self.holder()
        for item in [
            holder, holder.node, holder.kind, holder.optional as Any, holder.members, holder.number, holder.reader,
            holder.value, [holder.node], ["a": holder.node], Result<JSONNode, any Error>.success(holder.node),
            holder.node["providers"]?["openai"]?["list"] as Any,
        ] as [Any] {
            var dumped = ""
            dump(item, to: &dumped)
            #expect(!Self.shows(dumped))
            #expect(!Self.shows(String(describing: item)))
            #expect(!Self.shows(String(reflecting: item)))
            #expect(!Self.shows("\(item)"))
            #expect(!Self.shows(Self.walk(Mirror(reflecting: item))))
        }
    }

    /// Everything a mirror and the mirrors below it show.
    static func walk(_ mirror: Mirror) -> String {
        mirror.children.map { "\($0.label ?? "") \($0.value) \(walk(Mirror(reflecting: $0.value)))" }.joined()
    }

    @Test func descriptions() throws {
        let node = try parse("[null,true,1,'a',[],{}]")
        let expected = [
            "<null at 1:2>", "<a boolean at 1:7>", "<a number at 1:12>", "<a string at 1:14>", "<an array at 1:18>",
            "<an object at 1:21>",
        ]
        #expect(node.elements?.map(\.description) == expected)
        #expect(node.elements?.map(\.debugDescription) == expected)
        #expect(node.kind.description == "<an array>" && "\(JSONNumber.integer(1))" == "<a number>")
        #expect(JSONMember("a\u{1B}", .null).description == #"<member 'a\u{1b}' at 1:1>"#)
        #expect(JSONObjectReader(.object([:]), path: .root).description == "<reader of an object at 1:1>")
        #expect(JSONValueReader(.null, path: .root).description == "<reader of <null at 1:1>>")
    }

    @Test("no error shows a value", arguments: 0..<document.utf8.count)
    func syntaxErrors(index: Int) {
        let bytes = Array(Self.document.utf8)
        var variants = [Array(bytes[..<index])]
        for replacement in [nil, 0x27, 0x22, 0x5C, 0x0A, 0x7B, 0x5D, 0x2C, 0x3A, 0xFF, 0x00] as [UInt8?] {
            var changed = bytes
            if let replacement { changed[index] = replacement } else { changed.remove(at: index) }
            variants.append(changed)
        }
        for variant in variants {
            do {
                _ = try JSONParser.parse(variant)
            } catch {
                #expect(!Self.shows("\(error) \(String(reflecting: error)) \(error.message)"))
                #expect(!Self.shows(Self.walk(Mirror(reflecting: error))))
            }
        }
    }

    @Test func mistakes() throws {
        let node = try parse("{a:'\(Self.secret)',b:[7777777,'\(Self.secret)'],c:'77777777d',d:7777777.5}")
        var reader = JSONObjectReader(node, path: .root)
        _ = (reader.int("a"), reader.bool("a"), reader.duration("a"), reader.oneOf("a", ["sk"]), reader.double("a"))
        _ = (reader.string("b"), reader.stringArray("b"), reader.object("b") { _ in 1 }, reader.map("b") { _, _ in 1 })
        _ = (reader.duration("c"), reader.int("c", in: 1...2), reader.int("d"), reader.string("d"), reader.bool("d"))
        let mistakes = reader.finish()
        #expect(mistakes.count == 14)
        #expect(!Self.shows("\(mistakes) \(String(reflecting: mistakes)) \(JSONMistakes(mistakes))"))
    }
}
