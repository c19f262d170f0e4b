import ExtensionHooks
import JSON5Syntax
import KeyHooks

extension JSONValueReader {
    /// The value as the hooks of a plugin.
    mutating func hooks(of plugin: HookID) -> [PluginManifest.Hook]? {
        var taken: [String: Int] = [:]
        let hooks = list { $0.object { $0.hook(of: plugin, taken: &taken) } }
        guard hooks?.isEmpty ?? false else { return hooks }
        reject("expected at least one hook: a plugin without one is never asked")
        return nil
    }

    fileprivate mutating func phase() -> HookPhase? {
        switch oneOf(["start", "end"]) {
        case "start": .start
        case "end": .end
        default: nil
        }
    }

    fileprivate mutating func servicePatterns() -> [String]? {
        let names = array { $0.servicePattern() }
        guard names?.isEmpty ?? false else { return names }
        reject("names no service: leave it out to mean all")
        return nil
    }

    private mutating func servicePattern() -> String? {
        guard let text = string() else { return nil }
        // Service ids are spelt freely; what they are made of is not free.
        let isPattern =
            text.utf8.count <= 128 && text.utf8.allSatisfy { $0.isWordByte || "*._ -".utf8.contains($0) }
            && text.utf8.contains { $0.isWordByte || $0 == UInt8(ascii: "*") }
        if !isPattern { reject("is no service id or pattern: use letters, digits, '-', '.', '_' and '*'") }
        return isPattern ? text : nil
    }

    fileprivate mutating func constraint() -> HookID? {
        guard let text = string() else { return nil }
        let id = HookID(text)
        if !id.isWellFormed { reject("is no hook id: use 'plugin' or 'plugin/hook'") }
        return id.isWellFormed ? id : nil
    }
}

extension JSONObjectReader {
    fileprivate mutating func hook(of plugin: HookID, taken: inout [String: Int]) -> PluginManifest.Hook? {
        require("point", "phase")
        let point = oneOf("point", PluginManifest.Hook.Point.self)
        let phase = read("phase") { $0.phase() }
        let services = read("services") { $0.servicePatterns() }
        let priority = int("priority", in: -1_000_000...1_000_000) ?? 100
        let before = array("before") { $0.constraint() } ?? []
        let after = array("after") { $0.constraint() } ?? []
        let wantsValues = bool("values") ?? false
        guard let point, let phase else { return nil }
        if wantsValues, phase == .start { reject("values", "there are none before the call: leave it out") }
        let name = "\(point.rawValue).\(phase)"
        let count = taken[name, default: 0] + 1
        taken[name] = count
        return PluginManifest.Hook(
            id: HookID("\(plugin)/\(name)\(count > 1 ? ".\(count)" : "")"),
            point: point,
            phase: phase,
            services: services,
            priority: priority,
            before: before,
            after: after,
            wantsValues: wantsValues
        )
    }
}
