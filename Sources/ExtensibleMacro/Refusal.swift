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
#endif
