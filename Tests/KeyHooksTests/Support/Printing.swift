/// Every text that Swift makes of a value without being told how.
func allTexts(of value: Any) -> [String] {
    var printed = ""
    print(value, to: &printed)
    var debugged = ""
    debugPrint(value, to: &debugged)
    var dumped = ""
    dump(value, to: &dumped)
    return [
        "\(value)", String(describing: value), String(reflecting: value), printed, debugged, dumped,
        mirrored(Mirror(reflecting: value), depth: 0),
    ]
}

/// All that a walk over mirrors finds, whatever the children's own descriptions say.
private func mirrored(_ mirror: Mirror, depth: Int) -> String {
    guard depth < 12 else { return "" }
    let own = mirror.children.map { child in
        "\(child.label ?? "") \(child.value) " + mirrored(Mirror(reflecting: child.value), depth: depth + 1)
    }
    return own.joined() + (mirror.superclassMirror.map { mirrored($0, depth: depth + 1) } ?? "")
}
