/// What went wrong with the server of the tests, not with what is tested.
struct BaoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
