#if Macros
import SwiftCompilerPlugin
import SwiftSyntaxMacros

/// What the compiler starts to expand `@Extensible`.
@main
struct ExtensibleMacroPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [ExtensibleFunctionMacro.self]
}
#else
/// What is built without the trait `Macros`, since the macro needs a package that the default build must not bring.
@main
enum ExtensibleMacroPlugin {
    static func main() {
        print("ExtensibleMacro was built without its macro. Build it with the trait Macros.")
    }
}
#endif
