#if Macros
import SwiftSyntax

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
