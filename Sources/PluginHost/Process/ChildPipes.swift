import KeyHooks
import Foundation

/// The pipes between us and a process, and the one that wakes the thread of its streams.
struct ChildPipes: Sendable {
    typealias Pipe = (reading: CInt, writing: CInt)

    let input: Pipe
    let output: Pipe
    let errors: Pipe
    let bell: Pipe

    init() throws(SystemFailure) {
        var opened: [Pipe] = []
        do throws(SystemFailure) {
            for _ in 0..<4 { opened.append(try SystemCalls.makePipe()) }
        } catch {
            Self.close(opened.flatMap { [$0.reading, $0.writing] })
            throw error
        }
        (input, output, errors, bell) = (opened[0], opened[1], opened[2], opened[3])
        for descriptor in [input.writing, output.reading, errors.reading, bell.reading, bell.writing] {
            SystemCalls.setNonBlocking(descriptor)
        }
    }

    /// What the process gets as its standard streams.
    var theirs: [CInt] { [input.reading, output.writing, errors.writing] }

    func closeTheirs() { Self.close(theirs) }

    func closeAll() {
        Self.close(theirs + [input.writing, output.reading, errors.reading, bell.reading, bell.writing])
    }

    private static func close(_ descriptors: [CInt]) {
        for descriptor in descriptors { _ = Foundation.close(descriptor) }
    }
}

/// Our reading ends, which belong to one thread.
struct ChildStreams: Sendable {
    let bell: CInt
    var output: CInt?
    var errors: CInt?
}

extension ChildStart {
    /// The start of a plugin.
    init(_ launch: PluginLaunch, _ pipes: ChildPipes) {
        executable = launch.executable
        arguments = [launch.executable] + launch.arguments
        // Whatever it starts in turn, keyhooks included, sees by this that it runs inside of a plugin.
        environment = launch.environment.merging(["KEYHOOKS_PLUGIN": "1"]) { $1 }
        folder = launch.folder
        streams = pipes.theirs
    }
}
