/// What went wrong and what mends it, as one text.
///
/// The remedy begins a sentence and gets a capital. What stands behind a colon in it, such as a command or a hint, is
/// there to be copied: nothing of it is changed, and no full stop follows that would be copied with it.
///
/// - Parameters:
///   - message: What went wrong.
///   - cause: The error that led to it; nil for none.
///   - remedy: How to mend it, in words of our own up to the first colon.
/// - Returns: The text.
package func errorText(_ message: String, cause: String? = nil, remedy: String) -> String {
    // A plugin's author may or may not have ended the sentences.
    let message = trimmed(message)
    // A cause that begins with the message says it again.
    let cause = cause.flatMap { $0.hasPrefix(message) ? nil : $0 }
    let end = cause == nil && message.hasSuffix("?") ? "" : "."
    let isForCopying = remedy.contains(": ")
    let last = isForCopying ? remedy[...] : trimmed(remedy)
    let lastEnd = isForCopying || last.hasSuffix("?") ? "" : "."
    let first = "\(message)\(cause.map { " (\($0))" } ?? "")\(end)"
    return "\(first) \(last.prefix(1).uppercased())\(last.dropFirst())\(lastEnd)"
}

private func trimmed(_ sentence: String) -> Substring {
    var text = sentence[...]
    while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
    return text
}
