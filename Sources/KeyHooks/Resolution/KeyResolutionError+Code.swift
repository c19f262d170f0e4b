extension KeyResolutionError {
    /// The kind of a ``KeyResolutionError``; more kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind; short and stable, fit for a metric's label.
        public let description: String

        private init(_ name: String) {
            description = name
        }

        /// Nobody has a key.
        ///
        /// Only calls that insist on one throw this.
        public static var absent: Self { Self("absent") }

        /// The service works without a key, and none is set.
        ///
        /// Only calls that insist on one throw this.
        public static var notRequired: Self { Self("notRequired") }

        /// Somebody who may decide it refused.
        ///
        /// It is never answered from a weaker source.
        public static var denied: Self { Self("denied") }

        /// The source could not be reached or could not answer now.
        public static var unavailable: Self { Self("unavailable") }

        /// The source could not be told from an impostor: its certificate isn't trusted, or it does not speak TLS.
        ///
        /// It is never answered from a weaker source, since whoever sits in between could bring that about.
        public static var insecure: Self { Self("insecure") }

        /// The source answered with what was true before something newer was seen.
        ///
        /// It is never answered from a weaker source, since one server of several could bring that about.
        public static var outdated: Self { Self("outdated") }

        /// The source does not accept our own credentials.
        public static var unauthenticated: Self { Self("unauthenticated") }

        /// The secret store is sealed.
        public static var sealed: Self { Self("sealed") }

        /// A file or setting is wrong.
        public static var invalidConfiguration: Self { Self("invalidConfiguration") }

        /// The name is no service id.
        public static var invalidService: Self { Self("invalidService") }

        /// The scope of the request cannot be used, or lacks what the configuration needs.
        public static var invalidScope: Self { Self("invalidScope") }

        /// The service has no such field.
        public static var unknownField: Self { Self("unknownField") }

        /// A hook failed.
        public static var pluginFailed: Self { Self("pluginFailed") }

        /// A hook did not answer in time.
        public static var timedOut: Self { Self("timedOut") }
    }
}
