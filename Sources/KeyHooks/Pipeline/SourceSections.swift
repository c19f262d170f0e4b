import ExtensionHooks
import Synchronization

/// What one configuration says to the sources that a program registered by itself.
///
/// Such a source is there before any configuration is read, and resolvers with different ones may share it. So the
/// registry of each has a pipeline of its own for a source with a section: see ``HookBundle/attach(_:for:form:)``.
final class SourceSections: Sendable {
    private let sections: [PluginID: PluginSection]
    private let made = Mutex<[Made]>([])

    /// The hooks of a registration, as long as that is there.
    private struct Made {
        weak var registration: Registration?
        let hooks: HookBundle
    }

    /// Tells the registration of a source from others.
    final class Registration: Sendable {}

    init(_ sections: [PluginSection]) {
        self.sections = Dictionary(sections.map { ($0.id, $0) }) { first, _ in first }
    }

    func section(of plugin: PluginID) -> PluginSection? { sections[plugin] }

    /// The hooks that stand for those of a source, made once; nil if its plugin has no section.
    func hooks(of source: Registration, _ plugin: PluginID, _ make: (PluginSection) -> HookBundle) -> HookBundle? {
        guard let section = sections[plugin] else { return nil }
        return made.withLock { made in
            if let known = made.first(where: { $0.registration === source }) { return known.hooks }
            let new = Made(registration: source, hooks: make(section))
            made = made.filter { $0.registration != nil } + [new]
            return new.hooks
        }
    }
}
