import LightFoundation

/// Where an orderly end has got to.
enum EndingStep: Hashable {
    case running
    /// Its input is closed.
    case closing(until: ContinuousClock.Instant)
    /// It was sent `SIGTERM`.
    case terminating(until: ContinuousClock.Instant)
    /// It was sent `SIGKILL`.
    case killed

    /// When the next step is due.
    var due: ContinuousClock.Instant? {
        switch self {
        case .closing(let instant), .terminating(let instant): instant
        case .running, .killed: nil
        }
    }
}

extension ChildProcess.State {
    /// Writes as much as the process takes now.
    mutating func write() {
        while let input, !outgoing.isEmpty {
            switch SystemCalls.put(outgoing.next, into: input) {
            case .bytes(let count): outgoing.drop(count)
            case .later: return
            // It may have answered without reading all; its end says what became of it.
            case .ended: closeInput()
            }
        }
        if closesInputWhenSent { closeInput() }
    }

    mutating func closeInput() {
        outgoing.clear()
        guard let input else { return }
        _ = close(input)
        self.input = nil
    }

    /// Wakes the thread of the streams.
    func ring() {
        guard let bell else { return }
        // A bell that is full has been rung already.
        _ = SystemCalls.put([0], into: bell)
    }

    /// Takes the next step of an orderly end if it is due.
    mutating func advance(_ pid: pid_t, _ graces: ChildProcess.Graces) {
        guard exit == nil, let due = step.due, due <= .now else { return }
        if case .closing = step {
            step = .terminating(until: .now + graces.terminating)
            _ = kill(-pid, SIGTERM)
        } else {
            step = .killed
            _ = kill(-pid, SIGKILL)
        }
    }
}
