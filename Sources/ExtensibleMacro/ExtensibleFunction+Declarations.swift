#if Macros
import SwiftSyntax
import SwiftSyntaxBuilder

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
}
#endif
