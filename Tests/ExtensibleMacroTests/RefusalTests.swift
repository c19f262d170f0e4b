#if Macros
import ExtensibleMacro
import SwiftDiagnostics
import SwiftParser
import SwiftSyntax
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import Testing

/// What cannot be made extensible is refused in words that say what to do instead.
struct RefusalTests {
    static let refusals: [(source: String, remedy: String)] = [
        ("struct S {}", "move the code into a function"),
        ("func f<T>(a: T) throws -> Int { 1 }", "use concrete types or 'any'"),
        ("func f(a: inout Int) throws {}", "take a value and return the new one"),
        ("func f(a: Int...) throws {}", "make 'a' an array"),
        ("func f(a: some Sendable) throws {}", "use a concrete type or 'any'"),
        ("func f() throws -> some Sendable { 1 }", "use a concrete type or 'any' instead of 'some'"),
        ("func f(a: isolated Store) async {}", "remove 'isolated'"),
        ("func f(a: consuming Int) {}", "remove the specifier"),
        ("func f(_: Int) {}", "give this parameter a name"),
        ("func f(a: () -> Void) {}", "mark 'a' as '@escaping @Sendable'"),
        ("func f(a: @autoclosure () -> Int) {}", "make it a plain value or a closure"),
        ("func f(a: () throws -> Void) rethrows {}", "write 'throws' instead of 'rethrows'"),
        ("func f() throws(Refused) {}", "write 'throws' without a type"),
        ("static func == (a: Int, b: Int) -> Bool { true }", "call an extensible function with a name"),
    ]

    @Test(arguments: refusals)
    func aFunctionIsRefusedWithItsRemedy(source: String, remedy: String) {
        let messages = messages(of: "@Extensible(in: hooks) \(source)")
        #expect(messages.contains { $0.contains(remedy) }, "\(messages)")
    }

    static let places: [(source: String, remedy: String)] = [
        ("protocol P { @Extensible(in: hooks) func f() }", "attach it to the functions that implement"),
        ("struct G<T> { @Extensible(in: hooks) func f() {} }", "move the function into a type that is not generic"),
        ("extension Array { }\nextension [Int] { @Extensible(in: hooks) func f() {} }", "that is not generic"),
        ("func outer() { @Extensible(in: hooks) func f() {} }", "move it into a type or to the top level"),
    ]

    @Test(arguments: places)
    func aPlaceIsRefusedWithItsRemedy(source: String, remedy: String) {
        let messages = messages(of: source)
        #expect(messages.contains { $0.contains(remedy) }, "\(messages)")
    }

    @Test func aPlainFunctionIsNotRefused() {
        #expect(messages(of: "@Extensible(in: hooks) func f(a: Int) async throws -> Int { a }").isEmpty)
    }

    private func messages(of source: String) -> [String] {
        let file = Parser.parse(source: source)
        let context = BasicMacroExpansionContext(
            sourceFiles: [file: .init(moduleName: "Test", fullFilePath: "Test.swift")]
        )
        _ = file.expand(macros: ["Extensible": ExtensibleFunctionMacro.self]) { node in
            BasicMacroExpansionContext(sharingWith: context, lexicalContext: node.allMacroLexicalContexts())
        }
        return context.diagnostics.map(\.message)
    }
}
#endif
