#if Macros
import SwiftSyntax

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
}
#endif
