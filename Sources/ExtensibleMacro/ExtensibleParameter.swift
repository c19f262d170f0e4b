#if Macros
import SwiftSyntax

/// A parameter of an extensible function.
struct ExtensibleParameter {
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
#endif
