#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if os(macOS) || os(Linux)
/// The two steps between fork and exec for which the standard has no name.
enum SpawnActions {
    #if canImport(Darwin)
    typealias Actions = posix_spawn_file_actions_t?
    #else
    typealias Actions = posix_spawn_file_actions_t
    #endif

    /// Has the child begin in a folder.
    static func changeFolder(_ folder: String, _ actions: inout Actions) throws(SpawnFailure) {
        #if canImport(Glibc)
        // Swift's module of glibc hides what the header shows only to GNU programs.
        typealias Function = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> CInt
        guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { throw SpawnFailure(ENOSYS) }
        let code = unsafeBitCast(symbol, to: Function.self)(&actions, folder)
        #else
        let code = posix_spawn_file_actions_addchdir_np(&actions, folder)
        #endif
        guard code == 0 else { throw SpawnFailure(code) }
    }

    /// Has the child close everything but its standard streams.
    static func closeTheRest(_ actions: inout Actions) {
        #if canImport(Glibc)
        typealias Function = @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
        if let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
            _ = unsafeBitCast(symbol, to: Function.self)(&actions, 3)
            return
        }
        #endif
        #if !canImport(Darwin)
        // Older and other C libraries: what is open now. Closing one that is closed meanwhile is no error.
        guard let folder = opendir("/proc/self/fd") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if let number = CInt(name), number > 2 { posix_spawn_file_actions_addclose(&actions, number) }
        }
        #endif
    }
}
#endif
