/// What a session allows a plugin, and itself.
package struct SessionLimits: Sendable {
    /// The bytes of a line without its end.
    package var lineBytes = 1 << 20
    /// How many requests a plugin has at once; further ones wait in line.
    var inFlight = 8
    /// How long a request may take altogether whose plugin reports progress.
    var progressCap = Duration.seconds(300)
    /// How long after everybody stopped waiting the plugin may still owe an answer before it counts as hung.
    var owedAnswer = Duration.seconds(10)
    /// How often a plugin that crashed is started again.
    var restarts = 3
    /// The pause before the first start after a crash; each further one is four times as long.
    var firstPause = Duration.milliseconds(100)
    /// A process that lived this long does not count as one of a row of crashes.
    var steadyAfter = Duration.seconds(600)
    package var graces = ChildProcess.Graces()

    package init() {}

    /// How often the start of a file is tried that is open for writing.
    ///
    /// Another child of ours may hold it open for the instant between its fork and its exec, or somebody installs it.
    package static let busyAttempts = 25
    /// The pause between two such attempts.
    package static let busyPause = Duration.milliseconds(20)
}
