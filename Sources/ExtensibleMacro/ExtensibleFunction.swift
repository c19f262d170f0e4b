#if Macros
import SwiftSyntax
import SwiftSyntaxBuilder
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

    var parameters: [Parameter] {
        declaration.signature.parameterClause.parameters.map(Parameter.init)
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

extension ExtensibleFunction {
    /// The structure that holds one call's arguments.
    var argumentsDeclaration: DeclSyntax {
        let variables = parameters.map { "    \(access)var \($0.name): \($0.storedType)\n" }.joined()
        return """

            /// The arguments of `\(raw: name)`, as its hooks see and may change them.
            \(raw: attributes)\(raw: access)nonisolated struct \(raw: name(suffixed: "Arguments")): Sendable { \
            // Declared twice? Rename one of the overloads of '\(raw: name)', or make only one of them extensible.
            \(raw: variables)\(raw: argumentsInitializer)}
            """
    }

    /// What other modules need to make arguments; the one that the compiler adds is not public.
    private var argumentsInitializer: String {
        guard access == "public " || access == "package " else { return "" }
        let list = parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
        let assignments = parameters.map { "        self.\($0.name) = \($0.name)\n" }.joined()
        return "\n    \(access)init(\(list)) {\n\(assignments)    }\n"
    }

    /// The point that hooks name.
    var pointDeclaration: DeclSyntax {
        let fullName = (enclosingTypes + [name]).joined(separator: ".")
        return """

            /// The point of `\(raw: fullName)`.
            \(raw: attributes)\(raw: access)\(raw: storage)let \(raw: name(suffixed: "Point")) = \
            ExtensionHooks.\(raw: typePrefix)HookPoint<\(raw: name(suffixed: "Arguments")), \(raw: output)>\
            (\(literal: fullName))
            """
    }

    /// The call site, kept so that a call looks nothing up.
    var siteDeclaration: DeclSyntax {
        """

        /// Where `\(raw: name)` calls its hooks.
        \(raw: attributes)\(raw: access)\(raw: storage)let \(raw: name(suffixed: "Site")) = \
        ExtensionHooks.\(raw: typePrefix)HookSite(\(raw: name(suffixed: "Point")), in: \(registry))
        """
    }

    private var typePrefix: String { isAsync ? "" : "Synchronous" }

    /// Hooks are registered and called from anywhere, whatever the actor of the function.
    private var storage: String { enclosingTypes.isEmpty ? "nonisolated " : "nonisolated static " }

    /// The access level of the function with a space, or nothing.
    private var access: String {
        let levels = ["open", "public", "package", "internal", "fileprivate", "private"]
        guard let level = declaration.modifiers.map(\.name.text).first(where: levels.contains) else { return "" }
        // What is stored statically cannot be open.
        return (level == "open" ? "public" : level) + " "
    }

    /// The attributes of the function that hold for whatever speaks of the same types.
    private var attributes: String {
        declaration.attributes
            .filter { ["available", "usableFromInline", "_spi"].contains($0.name) }
            .map { $0.trimmedDescription + "\n" }
            .joined()
    }

    /// The call of the hooks that takes the place of the body.
    ///
    /// The body becomes a closure that is called at once, with the parameters of the function: so `return`, a single
    /// expression without it, `self` and `#function` mean in it what they meant before.
    func call(running body: CodeBlockSyntax) -> CodeBlockItemSyntax {
        let given = parameters.map { "\($0.label): \($0.name)" }.joined(separator: ", ")
        let declared = parameters.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
        let passed = parameters.map { "$0.\($0.name)" }.joined(separator: ", ")
        let site = (enclosingTypes.isEmpty ? "" : "Self.") + name(suffixed: "Site")
        let method = isThrowing ? "" : ".callWithoutThrowing"
        return """

            return \(raw: callEffects)\(raw: site)\(raw: method)(\(raw: name(suffixed: "Arguments"))(\(raw: given))) {\
            \(raw: parameters.isEmpty ? " _ in" : "")
                \(raw: callEffects){ (\(raw: declared)) \(raw: effects)-> \(raw: output) in
                    \(body.statements.trimmed(matching: \.isWhitespace))
                }(\(raw: passed))
            }

            """
    }

    /// A parameter of an extensible function.
    struct Parameter {
        /// The name that the body uses, ready to be written in code.
        let name: String

        /// The name as a label of the structure's initializer, where most keywords need no backticks and may have none.
        let label: String

        /// Its type as the function declares it.
        let type: TypeSyntax

        init(_ parameter: FunctionParameterSyntax) {
            let text = (parameter.secondName ?? parameter.firstName).identifierText
            name = text.asIdentifier
            label = text.asLabel
            type = parameter.type.trimmed
        }

        /// Its type as a variable may have it: `@escaping` goes without saying there.
        var storedType: String {
            guard var attributed = type.as(AttributedTypeSyntax.self) else { return type.trimmedDescription }
            attributed.attributes = attributed.attributes.filter { $0.name != "escaping" }
            return attributed.trimmedDescription
        }
    }
}
#endif
