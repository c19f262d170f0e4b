package import JSON5Syntax
package import KeyHooks

/// One question to a plugin.
package struct PluginRequest: Sendable {
    /// Which side of the function the hook is on.
    package enum Phase: String, Sendable, Codable, CaseIterable {
        case start
        case end
    }

    /// The name of the hook point.
    package var point: String
    package var phase = Phase.start
    /// What the function was called with, an object.
    package var arguments: JSONNode
    /// At the end, what the function came to; without values unless the user granted them.
    package var outcome: JSONNode?
    /// Counted from 1 when the same question is asked again.
    var attempt = 1
    /// What a session gets once, and a one-shot plugin with each request: its section, and whether it may ask the user.
    var settings: (configuration: JSONNode, interactive: String)?
    /// How long the caller waits; nil for what the manifest says, counted from when the plugin is ready.
    var deadline: Duration?

    /// The request with what a one-shot plugin gets, which has no `init`.
    package func withSettings(of launch: PluginLaunch) -> PluginRequest {
        var request = self
        request.settings = (launch.configuration, launch.interactive)
        return request
    }

    /// What it holds that nobody but the plugin may see.
    package var secrets: [JSONNode] {
        [outcome?["result"], arguments["secret"], arguments["if"]?["secret"]].compactMap(\.self)
    }

    /// The message for the wire.
    package func message(id: String, deadline: Duration) -> JSONNode {
        var members = [
            JSONMember("type", .string("request")),
            JSONMember("id", .string(id)),
            JSONMember("point", .string(point)),
            JSONMember("phase", .string(phase.rawValue)),
            JSONMember("deadline_ms", .integer(deadline.roundedUpMilliseconds)),
            JSONMember("attempt", .integer(attempt)),
            JSONMember("arguments", arguments),
        ]
        if let outcome { members.append(JSONMember("outcome", outcome)) }
        // After the rest: a shell script takes the first 'service' that it finds.
        if let settings {
            members.append(JSONMember("interactive", .string(settings.interactive)))
            members.append(JSONMember("config", settings.configuration))
        }
        return JSONNode(.object(members))
    }
}

extension PluginManifest.Hook {
    /// The request that the host would make of the hook.
    package func trialRequest(
        for service: Service,
        field: String?,
        scope: KeyScope,
        in configuration: KeyConfiguration
    ) -> PluginRequest {
        let question = PluginQuestion(
            point: point,
            service: service,
            field: field,
            scope: scope,
            settings: configuration.section(for: id.plugin, about: service, under: scope.profile)
        )
        return question.request(phase, outcome: phase == .end ? .object(["status": .string("absent")]) : nil)
    }
}

/// What the host sends besides requests.
package enum HostMessage {
    package static func initialize(
        _ launch: PluginLaunch,
        capabilities: [PluginMessage.Capability],
        _ limits: SessionLimits
    ) -> JSONNode {
        .object([
            "type": .string("init"), "v": .integer(PluginManifest.api),
            "host": .object(["name": .string("keyhooks"), "version": .string(KeyHooksVersion.current)]),
            "capabilities": .array(capabilities.map { .string($0.rawValue) }),
            "interactive": .string(launch.interactive), "config": launch.configuration,
            "limits": .object(["line_bytes": .integer(limits.lineBytes), "in_flight": .integer(limits.inFlight)]),
        ])
    }

    /// Nobody waits any more; the answer is still owed.
    package static func cancel(id: String) -> JSONNode {
        .object(["type": .string("cancel"), "id": .string(id)])
    }

    /// The provider refused a key.
    package static func invalidate(point: String, arguments: JSONNode, reason: String) -> JSONNode {
        .object([
            "type": .string("invalidate"), "point": .string(point), "arguments": arguments, "reason": .string(reason),
        ])
    }
}

extension JSONNode {
    /// The value as one line for the wire.
    package func wireLine() throws(JSONNode.OutputError) -> [UInt8] {
        var bytes = try jsonBytes()
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

extension JSONParser.Limits {
    /// What a message of so many bytes may cost.
    package static func message(_ size: Int) -> Self { Self(size: size, depth: 64) }
}

/// Puts requests that are sent at the same time on one line, where the plugin can take that and as far as it may be
/// long.
struct BatchLine {
    private static let opening = Array(#"{"type":"batch","requests":["#.utf8)
    private static let closing = Array("]}\n".utf8)

    private let limit: Int
    private let isOpen: Bool
    private var requests: [[UInt8]] = []
    private var size = 0

    /// Makes a line.
    ///
    /// - Parameters:
    ///   - limit: How many bytes it may have without its end.
    ///   - isOpen: Whether it may hold several requests.
    init(limit: Int, isOpen: Bool) {
        self.limit = limit
        self.isOpen = isOpen
    }

    /// Takes a request in, as JSON, and gives back the line that is complete by that.
    mutating func add(_ request: [UInt8]) -> [UInt8]? {
        // The end of the line does not count, nor does the comma after the last.
        let room = limit - Self.opening.count - (Self.closing.count - 1)
        let complete = isOpen && size + request.count <= room ? nil : finish()
        requests.append(request)
        size += request.count + 1
        return complete
    }

    /// The line of what was taken in so far.
    mutating func finish() -> [UInt8]? {
        defer {
            requests = []
            size = 0
        }
        guard requests.count > 1 else { return requests.first.map { $0 + [UInt8(ascii: "\n")] } }
        return Self.opening + requests.joined(separator: [UInt8(ascii: ",")]) + Self.closing
    }
}

/// Cuts what a process writes into lines.
package struct LineFraming {
    /// A line is longer than allowed.
    package struct TooLong: Error {}

    private let limit: Int
    private var partial: [UInt8] = []

    package init(limit: Int) {
        self.limit = limit
    }

    /// What followed the last end of a line.
    var rest: [UInt8] { partial }

    /// Takes bytes in and hands on every line that they complete, without its end.
    package mutating func take(_ bytes: ArraySlice<UInt8>, _ line: (ArraySlice<UInt8>) -> Void) throws(TooLong) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try check(partial.count + end - start)
            if partial.isEmpty {
                line(bytes[start..<end])
            } else {
                partial += bytes[start..<end]
                line(partial[...])
                partial = []
            }
            start = end + 1
        }
        try check(partial.count + bytes.endIndex - start)
        partial += bytes[start...]
    }

    private func check(_ count: Int) throws(TooLong) {
        guard count <= limit else { throw TooLong() }
    }
}
