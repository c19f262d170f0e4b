/// The version of the package, which the tool prints and plugins are told.
package enum KeyHooksVersion {
    package static let current = "0.1.0"
}
