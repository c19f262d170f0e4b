#if Macros
import SwiftSyntax

extension Refusal {
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
#endif
