#if Macros
import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// Something that keeps a function from being made extensible: where it is written, and what to do about it.
struct Refusal {
    let reason: Reason
    let position: Syntax

    init(_ reason: Reason, at position: some SyntaxProtocol) {
        self.reason = reason
        self.position = Syntax(position)
    }

    /// Everything that keeps a declaration from being made extensible.
    static func all(
        for declaration: some DeclSyntaxProtocol,
        attribute: AttributeSyntax,
        in lexicalContext: [Syntax]
    ) -> [Refusal] {
        guard let function = declaration.as(FunctionDeclSyntax.self) else {
            return [Refusal(.notAFunction, at: attribute)]
        }
        let ofPlace = ofPlace(of: function, in: lexicalContext)
        // Where a function cannot be extensible at all, advice on its parameters would mislead.
        guard ofPlace.isEmpty else { return ofPlace }
        return ofDeclaration(function) + ofSignature(function.signature)
    }
}

extension MacroExpansionContext {
    /// Reports a refusal as an error.
    func diagnose(_ refusal: Refusal) {
        diagnose(Diagnostic(node: refusal.position, message: refusal.reason))
    }
}

extension Refusal {
    /// Why a function is refused; the text says what to do instead.
    enum Reason: Hashable {
        case notAFunction
        case protocolRequirement
        case localFunction
        case genericType(String)
        case noBody
        case genericFunction
        case operatorFunction
        case ownershipOfSelf(String)
        case rethrowing
        case typedThrows
        case dynamicSelf
        case unnamedParameter
        case variadic(String)
        case specifier(String)
        case opaqueParameter
        case opaqueResult
        case storedClosure(String)
        case autoclosure(String)
    }
}

extension Refusal.Reason: DiagnosticMessage {
    var severity: DiagnosticSeverity { .error }

    var diagnosticID: MessageID { MessageID(domain: "ExtensibleMacro", id: "\(self)") }

    var message: String { "@Extensible " + explanation }

    private var explanation: String {
        switch self {
        case .notAFunction:
            "makes functions extensible, nothing else; move the code into a function and attach it there"
        case .protocolRequirement:
            "needs a body to extend; attach it to the functions that implement this requirement"
        case .localFunction:
            "has nowhere to keep the hooks of a local function; move it into a type or to the top level of the file"
        case .genericType(let name):
            "has nowhere to keep hooks in \(name), since a generic type cannot store anything statically; "
                + "move the function into a type that is not generic or to the top level of the file"
        case .noBody:
            "needs a body to extend; give the function one"
        case .genericFunction:
            "cannot name the arguments of a generic function; use concrete types or 'any', "
                + "or let the generic function call an extensible one"
        case .operatorFunction:
            "cannot name declarations after an operator; let the operator call an extensible function with a name"
        case .ownershipOfSelf(let modifier):
            "may run the body after hooks or not at all, so it cannot keep the promise of '\(modifier)'; remove the modifier"
        case .rethrowing:
            "needs hooks to be able to throw on their own; write 'throws' instead of 'rethrows'"
        case .typedThrows:
            "lets hooks throw any error, so the function must throw untyped; write 'throws' without a type"
        case .dynamicSelf:
            "stores arguments and output outside the type, where 'Self' means something else; write the type's name"
        case .unnamedParameter:
            "names an argument after its parameter; give this parameter a name behind its label, as in '_ value: Int'"
        case .variadic(let name):
            "cannot store a variadic parameter; make '\(name)' an array"
        case .specifier(let specifier):
            specifierExplanation(specifier)
        case .opaqueParameter:
            "cannot store an argument of type 'some'; use a concrete type or 'any'"
        case .opaqueResult:
            "needs to name the type of the output for its hooks; use a concrete type or 'any' instead of 'some'"
        case .storedClosure(let name):
            "stores its arguments; mark '\(name)' as '@escaping @Sendable'"
        case .autoclosure(let name):
            "would have to store the expression of '\(name)' unevaluated; make it a plain value or a closure"
        }
    }

    private func specifierExplanation(_ specifier: String) -> String {
        switch specifier {
        case "inout": "hands hooks a copy of each argument, not its storage; take a value and return the new one"
        case "isolated":
            "cannot store an isolation; remove 'isolated', or let this function call an extensible one with a value"
        default: "stores its arguments, so it cannot keep the promise of '\(specifier)'; remove the specifier"
        }
    }
}

extension Refusal {
    /// What is wrong with the function itself, apart from its signature.
    static func ofDeclaration(_ function: FunctionDeclSyntax) -> [Refusal] {
        var refusals: [Refusal] = []
        if function.body == nil { refusals.append(Refusal(.noBody, at: function.name)) }
        if let generics = function.genericParameterClause {
            refusals.append(Refusal(.genericFunction, at: generics))
        } else if let requirements = function.genericWhereClause {
            refusals.append(Refusal(.genericFunction, at: requirements))
        }
        switch function.name.tokenKind {
        case .binaryOperator, .prefixOperator, .postfixOperator:
            refusals.append(Refusal(.operatorFunction, at: function.name))
        default: break
        }
        for modifier in function.modifiers where ["consuming", "borrowing", "__consuming"].contains(modifier.name.text)
        {
            refusals.append(Refusal(.ownershipOfSelf(modifier.name.text), at: modifier))
        }
        return refusals
    }

    /// What is wrong with the parameters, the effects and the result.
    static func ofSignature(_ signature: FunctionSignatureSyntax) -> [Refusal] {
        var refusals = signature.parameterClause.parameters.flatMap(ofParameter)
        if let clause = signature.effectSpecifiers?.throwsClause {
            if clause.throwsSpecifier.tokenKind == .keyword(.rethrows) {
                refusals.append(Refusal(.rethrowing, at: clause))
            } else if clause.type != nil {
                refusals.append(Refusal(.typedThrows, at: clause))
            }
        }
        if let type = signature.returnClause?.type {
            refusals += ofSpecifiers(type)
            if let opaque = type.firstOpaqueType { refusals.append(Refusal(.opaqueResult, at: opaque)) }
            if let dynamic = type.firstSelfType { refusals.append(Refusal(.dynamicSelf, at: dynamic)) }
        }
        return refusals
    }

    private static func ofParameter(_ parameter: FunctionParameterSyntax) -> [Refusal] {
        var refusals: [Refusal] = []
        let name = parameter.secondName ?? parameter.firstName
        if name.tokenKind == .wildcard { refusals.append(Refusal(.unnamedParameter, at: name)) }
        if parameter.ellipsis != nil { refusals.append(Refusal(.variadic(name.text), at: parameter.type)) }
        if let opaque = parameter.type.firstOpaqueType { refusals.append(Refusal(.opaqueParameter, at: opaque)) }
        if let dynamic = parameter.type.firstSelfType { refusals.append(Refusal(.dynamicSelf, at: dynamic)) }
        return refusals + ofSpecifiers(parameter.type) + ofClosure(parameter.type, name: name.text)
    }

    /// `inout`, `isolated`, `borrowing`, `consuming`, `sending` and what else may stand in front of a type.
    private static func ofSpecifiers(_ type: TypeSyntax) -> [Refusal] {
        guard let attributed = type.as(AttributedTypeSyntax.self) else { return [] }
        return attributed.specifiers.compactMap { specifier in
            // The others, as `nonisolated(nonsending)`, say something of a function type and are part of it.
            guard let simple = specifier.as(SimpleTypeSpecifierSyntax.self) else { return nil }
            return Refusal(.specifier(simple.specifier.text), at: simple)
        }
    }

    private static func ofClosure(_ type: TypeSyntax, name: String) -> [Refusal] {
        let attributed = type.as(AttributedTypeSyntax.self)
        guard (attributed?.baseType ?? type).is(FunctionTypeSyntax.self) else { return [] }
        let attributes = attributed?.attributes.compactMap(\.name) ?? []
        if attributes.contains("autoclosure") { return [Refusal(.autoclosure(name), at: type)] }
        // A closure of a global actor is Sendable without saying so.
        let isSendable = attributes.contains { !["escaping", "convention"].contains($0) }
        return attributes.contains("escaping") && isSendable ? [] : [Refusal(.storedClosure(name), at: type)]
    }
}

extension TypeSyntax {
    /// The first `some` within the type.
    fileprivate var firstOpaqueType: Syntax? {
        first { $0.as(SomeOrAnyTypeSyntax.self)?.someOrAnySpecifier.tokenKind == .keyword(.some) }
    }

    /// The first `Self` within the type.
    fileprivate var firstSelfType: Syntax? {
        first { $0.as(TokenSyntax.self)?.tokenKind == .keyword(.Self) }
    }

    private func first(where matches: (Syntax) -> Bool) -> Syntax? {
        var open = [Syntax(self)]
        while let next = open.popLast() {
            if matches(next) { return next }
            open += next.children(viewMode: .sourceAccurate).reversed()
        }
        return nil
    }
}

extension Refusal {
    /// What is wrong with where the function stands.
    static func ofPlace(of function: FunctionDeclSyntax, in lexicalContext: [Syntax]) -> [Refusal] {
        if lexicalContext.first?.is(ProtocolDeclSyntax.self) == true {
            return [Refusal(.protocolRequirement, at: function.name)]
        }
        // Whatever is neither a type nor an extension of one is code that runs.
        guard lexicalContext.allSatisfy({ $0.asProtocol((any DeclGroupSyntax).self) != nil }) else {
            return [Refusal(.localFunction, at: function.name)]
        }
        guard let generic = lexicalContext.lazy.compactMap(genericTypeName).first else { return [] }
        return [Refusal(.genericType(generic), at: function.name)]
    }

    /// The name of a type or of an extended type that is visibly generic.
    private static func genericTypeName(_ context: Syntax) -> String? {
        if let type = context.as(ExtensionDeclSyntax.self) {
            let isGeneric = type.genericWhereClause != nil || type.extendedType.hasGenericArguments
            return isGeneric ? "'\(type.extendedType.trimmedDescription)'" : nil
        }
        guard
            context.asProtocol((any WithGenericParametersSyntax).self)?.genericParameterClause != nil,
            let name = context.asProtocol((any NamedDeclSyntax).self)?.name.text
        else { return nil }
        return "'\(name)'"
    }
}

extension TypeSyntax {
    /// Whether the type is written as generic: with arguments, or as an array, a dictionary or an optional.
    fileprivate var hasGenericArguments: Bool {
        if let member = self.as(MemberTypeSyntax.self) {
            return member.genericArgumentClause != nil || member.baseType.hasGenericArguments
        }
        if let identifier = self.as(IdentifierTypeSyntax.self) { return identifier.genericArgumentClause != nil }
        return true
    }
}
#endif
