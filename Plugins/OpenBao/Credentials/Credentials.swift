import JSON5Syntax
import KeyHooks
import Synchronization

/// Reads the plugin's own credentials: from variables and files and nowhere else, so that they never depend on the keys
/// that the plugin is asked for.
struct CredentialSource: Sendable {
    let environment: BaoEnvironment

    func read(_ reference: SecretReference) throws(KeyResolutionError) -> APIKey {
        try environment.context.credential(at: reference, for: "OpenBao", advice: Self.waysAround)
    }

    /// The token that OpenBao's own tools would use.
    func ambientToken() throws(KeyResolutionError) -> APIKey {
        if let token = environment.value("TOKEN") {
            return try credential(in: token, from: environment.variable("TOKEN"))
        }
        guard let path = ambientPath else { throw noToken(nil) }
        // A file that is named must be there; one in the home folder is only looked for.
        let isNamed = environment.value("TOKEN_PATH") != nil
        if !isNamed, isMissing(path) { throw noToken(path) }
        let words =
            isNamed ? "which \(environment.variable("TOKEN_PATH")) names" : "where OpenBao's tools keep the token"
        return try credential(in: try environment.context.contents(ofFile: path, words), from: Self.shown(path))
    }

    private func credential(in text: String, from place: String) throws(KeyResolutionError) -> APIKey {
        try environment.context.credential(in: text, from: place, for: "OpenBao")
    }

    /// Whether there is nothing where a credential should be.
    func isMissing(_ reference: SecretReference) -> Bool {
        switch reference.place {
        case .environment(let name): environment.context[variable: name] == nil
        case .file(let path): isMissing(environment.context.path(of: path))
        case .identityToken(let path): isMissing(path)
        }
    }

    private func isMissing(_ path: String) -> Bool {
        do throws(FileReading.Failure) {
            _ = try environment.context.text(ofFile: path)
            return false
        } catch {
            if case .missing = error { return true }
            return false
        }
    }

    private func noToken(_ path: String?) -> KeyResolutionError {
        var message = "there is no token for OpenBao: BAO_TOKEN is not set"
        if let path { message += ", and there is no \(displayText(path, limit: 4096))" }
        if let remark = environment.remark(onMissing: "TOKEN") { message += "; \(remark)" }
        if let path, path.hasSuffix("/.vault-token") {
            let other = path.dropLast("vault-token".count) + "bao-token"
            if (try? environment.context.text(ofFile: String(other))) != nil {
                message += "; \(displayText(String(other))) is there and is not read"
            }
        }
        let usual = "set BAO_TOKEN in the process environment, or write 'token' or 'login' in keyhooks.json. "
        return .unauthenticated(message, remedy: usual + Self.waysAround)
    }

    /// How to do without OpenBao.
    private static let waysAround =
        "To go without OpenBao, use --no-plugins, KEYHOOKS_NO_PLUGINS=1, or \"plugins\": [] for the service; 'fallback' "
        + "does not cover a missing token"

    private var ambientPath: String? {
        environment.value("TOKEN_PATH") ?? environment.home.map { $0 + "/.vault-token" }
    }

    /// The files that a reference leads to; nil for where OpenBao's own tools look.
    func files(_ reference: SecretReference?) -> [String] {
        switch reference?.place {
        case .file(let path)?, .identityToken(let path)?: [environment.expanded(path)]
        case .environment?: []
        case nil: environment.value("TOKEN") == nil ? ambientPath.map { [environment.expanded($0)] } ?? [] : []
        }
    }

    /// A file that was read, so that a word names it.
    private static func shown(_ path: String) -> String { PastedKey.shownPath(WrittenPath.absolute(path)) }

    /// Where a token is from, for an error about one that the server refuses.
    func words(for reference: SecretReference?) -> String {
        switch reference?.place {
        case .environment(let name)?: name
        case .file(let path)?, .identityToken(let path)?: Self.shown(path)
        case nil where environment.value("TOKEN") != nil: environment.variable("TOKEN")
        case nil: ambientPath.map(Self.shown) ?? "BAO_TOKEN"
        }
    }
}

/// Notices that a file with a credential was replaced, put right or made, without reading it.
///
/// It looks at most four times a second, so it may be asked at every read.
final class CredentialFiles: Sendable {
    static let interval = Duration.milliseconds(250)

    private struct State {
        /// Nil for one that is not there.
        var files: [FileStatus?] = []
        var nextLook = Duration.zero
    }

    private let paths: [String]
    private let clock: SourceClock
    private let state = Mutex(State())

    init(_ paths: [String], _ clock: SourceClock) {
        self.paths = paths
        self.clock = clock
    }

    /// Notes how the files are, just before they are read.
    func note() {
        guard !paths.isEmpty else { return }
        let new = State(files: look(), nextLook: clock.now() + Self.interval)
        state.withLock { $0 = new }
    }

    /// Whether the files are others than when they were noted; false if that was looked at a moment ago.
    func haveChanged() -> Bool {
        guard !paths.isEmpty else { return false }
        let now = clock.now()
        return state.withLock { state in
            guard now >= state.nextLook else { return false }
            state.nextLook = now + Self.interval
            return state.files != look()
        }
    }

    /// How the files are; a link is followed, since what agents write is often one.
    private func look() -> [FileStatus?] { paths.map { try? FileStatus(of: $0, followsLinks: true) } }
}
