#if Macros
import SwiftSyntax
import SwiftSyntaxMacros

/// A function that can be made extensible, as far as its expansion needs to know it.
struct ExtensibleFunction {
    let declaration: FunctionDeclSyntax

    /// What was given for `in:`.
    let registry: ExprSyntax

    /// The types around the function, outermost first; none for a function at top level.
    let enclosingTypes: [String]

    init?(_ declaration: some DeclSyntaxProtocol, _ node: AttributeSyntax, in context: some MacroExpansionContext) {
        guard
            let declaration = declaration.as(FunctionDeclSyntax.self),
            case .argumentList(let arguments) = node.arguments,
            let registry = arguments.first?.expression
        else { return nil }
        self.declaration = declaration
        self.registry = registry.trimmed
        enclosingTypes = context.lexicalContext.reversed().compactMap(\.nameOfType)
    }

    /// The function's name, without backticks.
    var name: String { declaration.name.identifierText }

    /// The name of a declaration beside the function.
    func name(suffixed suffix: String) -> String { (name + suffix).asIdentifier }

    var parameters: [ExtensibleParameter] {
        declaration.signature.parameterClause.parameters.map(ExtensibleParameter.init)
    }

    var isAsync: Bool { declaration.signature.effectSpecifiers?.asyncSpecifier != nil }

    var isThrowing: Bool { declaration.signature.effectSpecifiers?.throwsClause != nil }

    /// `try` and `await`, as far as a call needs them.
    var callEffects: String { (isThrowing ? "try " : "") + (isAsync ? "await " : "") }

    /// `async` and `throws`, as far as the function has them.
    var effects: String { (isAsync ? "async " : "") + (isThrowing ? "throws " : "") }

    /// The type that the function returns, in a form that may stand between angle brackets.
    var output: String {
        guard let type = declaration.signature.returnClause?.type else { return "Void" }
        // `Value!` is `Value?` for whoever gets it, and cannot be written as a generic argument.
        guard let unwrapped = type.as(ImplicitlyUnwrappedOptionalTypeSyntax.self) else {
            return type.trimmedDescription
        }
        return unwrapped.wrappedType.trimmedDescription + "?"
    }
}

extension Syntax {
    /// The name by which code outside speaks of this type or of the type that this extends; nil for anything else.
    fileprivate var nameOfType: String? {
        if let group = asProtocol((any DeclGroupSyntax).self) {
            if let type = group.as(ExtensionDeclSyntax.self) { return type.extendedType.trimmedDescription }
            return asProtocol((any NamedDeclSyntax).self)?.name.identifierText
        }
        return nil
    }
}
#endif
