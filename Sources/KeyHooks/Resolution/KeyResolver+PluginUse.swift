extension KeyResolver {
    /// Whether a resolver asks plugins, and hooks that were registered otherwise.
    public struct PluginUse: Hashable, Sendable {
        private let isOn: Bool?

        /// Unless the environment switches them off.
        ///
        /// `KEYHOOKS_NO_PLUGINS` does with any value but an empty one, `0`, `false` and `no`; so does `KEYHOOKS_PLUGIN`,
        /// which says that a plugin started this program.
        public static var unlessSwitchedOff: Self { Self(isOn: nil) }

        /// Always, whatever the environment says.
        public static var always: Self { Self(isOn: true) }

        /// Never: keys come from the environment and from files alone.
        public static var never: Self { Self(isOn: false) }

        func isOn(in environment: [String: String]) -> Bool { isOn ?? !switchesPluginsOff(environment) }
    }
}
