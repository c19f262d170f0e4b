/// What went wrong with the server of the tests, not with what is tested.
package struct BaoFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
