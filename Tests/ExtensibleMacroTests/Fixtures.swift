#if Macros
import ExtensionHooks
import Synchronization

/// The registries of the functions below; one for each suite, so that suites may run side by side.
enum Hooks {
    static let functions = HookRegistry()
    static let members = HookRegistry()
    static let nonthrowing = HookRegistry()
}

struct Refused: Error, Equatable {}

@Extensible(in: Hooks.functions)
func getKey(service: String, for project: String? = nil) async throws -> String? {
    if service == "none" { return nil }
    guard service != "broken" else { throw Refused() }
    return "\(service)-\(project ?? "any")"
}

@Extensible(in: Hooks.functions)
func double(_ number: Int) throws -> Int {
    if number < 0 { throw Refused() }
    return number * 2
}

/// What functions without an output did.
let heard = Mutex<[String]>([])

@Extensible(in: Hooks.functions)
func announce(_ text: String) async throws {
    guard !text.isEmpty else { return }
    heard.withLock { $0.append(text) }
}

@Extensible(in: Hooks.functions)
func constant() throws -> Int { 42 }

@Extensible(in: Hooks.nonthrowing)
func increment(_ number: Int) -> Int { number + 1 }

@Extensible(in: Hooks.nonthrowing)
func incrementLater(_ number: Int) async -> Int { number + 1 }

actor Bank {
    private var balance = 0

    @Extensible(in: Hooks.members)
    func deposit(_ amount: Int) async throws -> Int {
        balance += amount
        return balance
    }
}

struct Counter {
    var count = 0

    @Extensible(in: Hooks.members)
    mutating func add(_ amount: Int) throws -> Int {
        count += amount
        return count
    }

    @Extensible(in: Hooks.members)
    static func start(at count: Int = 7) throws -> Int { count }
}
#endif
