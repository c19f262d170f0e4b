#if Macros
import SwiftSyntax
import SwiftSyntaxBuilder

extension ExtensibleFunction {
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
}
#endif
