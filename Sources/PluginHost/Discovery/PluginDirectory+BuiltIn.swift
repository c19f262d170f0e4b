package import ExtensionHooks

extension PluginDirectory {
    /// The plugins that are part of the program, as they are listed.
    ///
    /// - Parameter configured: The ids of the plugins that the configuration has a section for.
    /// - Returns: A listing for each, in the order in which the program names them.
    package func builtInListings(configured: some Collection<HookID>) -> [PluginListing] {
        let decisions: Result<[HookID], PluginManagementError>
        do {
            decisions = .success(try disabled())
        } catch {
            decisions = .failure(error)
        }
        return builtIn.map { id in
            PluginListing(builtIn: id, verdict(on: id, decisions, isConfigured: configured.contains(id)))
        }
    }

    private func verdict(
        on id: HookID,
        _ decisions: Result<[HookID], PluginManagementError>,
        isConfigured: Bool
    ) -> PluginVerdict {
        if let switchedOff = searchPath.switchedOff { return switchedOff }
        switch decisions {
        case .failure(let error): return PluginVerdict(.disabled, error.message, error.remedy)
        case .success(let disabled) where disabled.contains(id): return .disabled(id)
        case .success where isConfigured:
            return PluginVerdict(.ready, "part of the program, with a section in the configuration", nil)
        case .success:
            return PluginVerdict(
                .ready,
                "part of the program; does nothing without a section in the configuration",
                nil
            )
        }
    }
}

extension PluginListing {
    fileprivate init(builtIn id: HookID, _ verdict: PluginVerdict) {
        self.id = id.rawValue
        version = nil
        description = nil
        folder = ""
        origin = .builtIn
        kind = nil
        mode = nil
        entry = nil
        arguments = []
        environment = []
        hooks = []
        seesValues = false
        status = verdict.status
        reason = verdict.reason
        remedy = verdict.remedy
        shadowedBy = nil
        problems = []
    }
}
