#if Macros
import SwiftParser
import SwiftSyntax

extension TokenSyntax {
    /// The name that this token stands for, without backticks.
    var identifierText: String {
        identifier?.name ?? text
    }
}

extension String {
    /// This name as code can declare it: in backticks if it is a keyword or no plain name.
    var asIdentifier: String {
        isValidSwiftIdentifier(for: .variableName) ? self : "`\(self)`"
    }

    /// This name as an argument's label.
    var asLabel: String {
        let isPlain = allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        return isPlain && !["inout", "let", "var"].contains(self) ? self : asIdentifier
    }
}

extension AttributeListSyntax.Element {
    /// The name of an attribute, without its `@` and arguments; nil for `#if`.
    var name: String? {
        guard case .attribute(let attribute) = self else { return nil }
        return attribute.attributeName.trimmedDescription
    }
}
#endif
