/// The variables that follow from a service's id.
enum GenericNames {
    /// Those of any service, listed or not: `<ID>_API_KEY` and `API_KEY_<ID>`.
    ///
    /// Whoever may choose the name of a service may choose the variable that goes to it. These two say what they are;
    /// `<ID>_TOKEN` and `<ID>_KEY` would be the npm token of a service called `npm`.
    ///
    /// An id that starts with a digit is fine: `execve` allows such names although a shell does not.
    static func ofAnybody(_ service: Service) -> [String] {
        let id = service.id.uppercased()
        return ["\(id)_API_KEY", "API_KEY_\(id)"]
    }

    /// Those of a service that is listed or configured: Agent Zero's two others follow, and two shorter ones.
    static func all(for service: Service) -> [String] {
        let id = service.id.uppercased()
        return ofAnybody(service) + ["\(id)_API_TOKEN", "\(id)_TOKEN", "\(id)_KEY"]
    }
}
