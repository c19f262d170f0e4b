import Dispatch
package import KeyHooks
import LightFoundation
import Synchronization

#if os(Linux)
import CProcess
#endif

/// Threads of the system's own, for what waits; one that the system refuses is an error and neither a trap nor a wait.
package enum SystemThread {
    private static let stackSize = 512 << 10

    fileprivate final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread that no signal reaches.
    package static func start(_ name: String, _ run: @escaping @Sendable () -> Void) throws(SystemFailure) {
        let retained = Unmanaged.passRetained(Body(name, run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackSize)
        // It takes the mask over, so that there is no instant in which it has another.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        #if canImport(Glibc) || canImport(Android)
        var thread = pthread_t()
        #else
        var thread: pthread_t?
        #endif
        let code = pthread_create(&thread, &attributes, runThread, retained.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        pthread_attr_destroy(&attributes)
        guard code == 0 else {
            retained.release()
            throw SystemFailure(code)
        }
    }

    /// A value that one thread brings and another waits for, once.
    final class HandOver<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)
        private let arrival = DispatchSemaphore(value: 0)

        func give(_ new: Value) {
            value.withLock { $0 = new }
            arrival.signal()
        }

        func take() -> Value {
            arrival.wait()
            // It was set before the signal.
            return value.withLock { value in
                defer { value = nil }
                return value!
            }
        }
    }
}

#if canImport(Darwin)
private typealias ThreadArgument = UnsafeMutableRawPointer
#else
private typealias ThreadArgument = UnsafeMutableRawPointer?
#endif

// A closure in the place of this function makes the compiler of Swift 6.3 crash.
private func runThread(_ argument: ThreadArgument) -> UnsafeMutableRawPointer? {
    pthread_detach(pthread_self())
    let argument: UnsafeMutableRawPointer? = argument
    guard let argument else { return nil }
    let body = Unmanaged<SystemThread.Body>.fromOpaque(argument).takeRetainedValue()
    #if os(Linux)
    keyhooks_name_thread(body.name)
    #elseif canImport(Darwin)
    pthread_setname_np(body.name)
    #endif
    body.run()
    return nil
}
