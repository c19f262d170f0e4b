import Foundation

/// Whether there is a process of this number, collected or not.
func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 }
