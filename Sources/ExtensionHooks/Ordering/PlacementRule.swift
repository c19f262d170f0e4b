/// What a hook asks for about its place among the others.
struct PlacementRule: Sendable {
    let id: HookID
    let priority: Int
    let before: [HookID]
    let after: [HookID]
}
