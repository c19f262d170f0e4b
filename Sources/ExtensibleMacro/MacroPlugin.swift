#if Macros
import SwiftCompilerPlugin
import SwiftParser
public import SwiftSyntax
public import SwiftSyntaxMacros

/// What the compiler starts to expand `@Extensible`.
@main
struct ExtensibleMacroPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [ExtensibleFunctionMacro.self]
}
#else
/// What is built without the trait `Macros`, since the macro needs a package that the default build must not bring.
@main
enum ExtensibleMacroPlugin {
    static func main() {
        print("ExtensibleMacro was built without its macro. Build it with the trait Macros.")
    }
}
#endif

#if Macros
/// `@Extensible(in:)`: the declarations beside a function, and its new body.
public struct ExtensibleFunctionMacro {
    /// The user's body is passed on as it was written.
    public static var formatMode: FormatMode { .disabled }
}

extension ExtensibleFunctionMacro: PeerMacro {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) throws -> [DeclSyntax] {
        let refusals = Refusal.all(for: declaration, attribute: node, in: context.lexicalContext)
        // Only here: the other half of the macro runs on the same function and would say everything again.
        for refusal in refusals { context.diagnose(refusal) }
        guard refusals.isEmpty, let function = ExtensibleFunction(declaration, node, in: context) else { return [] }
        return [function.argumentsDeclaration, function.pointDeclaration, function.siteDeclaration]
    }
}

extension ExtensibleFunctionMacro: BodyMacro {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    public static func expansion(
        of node: AttributeSyntax,
        providingBodyFor declaration: some DeclSyntaxProtocol & WithOptionalCodeBlockSyntax,
        in context: some MacroExpansionContext
    ) throws -> [CodeBlockItemSyntax] {
        guard let body = declaration.body else { return [] }
        guard
            Refusal.all(for: declaration, attribute: node, in: context.lexicalContext).isEmpty,
            let function = ExtensibleFunction(declaration, node, in: context)
        else {
            // As it was, so that the refusal is the only error.
            return Array(body.statements)
        }
        return [function.call(running: body)]
    }
}

extension TokenSyntax {
    /// The name that this token stands for, without backticks.
    var identifierText: String {
        identifier?.name ?? text
    }
}

extension String {
    /// This name as code can declare it: in backticks if it is a keyword or no plain name.
    var asIdentifier: String {
        isValidSwiftIdentifier(for: .variableName) ? self : "`\(self)`"
    }

    /// This name as an argument's label.
    var asLabel: String {
        let isPlain = allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        return isPlain && !["inout", "let", "var"].contains(self) ? self : asIdentifier
    }
}

extension AttributeListSyntax.Element {
    /// The name of an attribute, without its `@` and arguments; nil for `#if`.
    var name: String? {
        guard case .attribute(let attribute) = self else { return nil }
        return attribute.attributeName.trimmedDescription
    }
}
#endif
