// Whoever writes a plugin, or a framework that asks for keys, needs the engine's types with ours.
@_exported public import ExtensionHooks

/// The version of the package, which the tool prints and plugins get.
package enum KeyHooksVersion {
    package static let current = "0.1.0"
}
