/// What makes two declarations the same point: the name and the whole generic type.
struct PointKey: Hashable, Sendable {
    let name: String
    let type: ObjectIdentifier
}
