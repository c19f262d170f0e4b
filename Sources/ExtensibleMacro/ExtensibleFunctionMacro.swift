#if Macros
public import SwiftSyntax
public import SwiftSyntaxMacros

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
#endif
