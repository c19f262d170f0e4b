#if Macros
import SwiftDiagnostics

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
#endif
