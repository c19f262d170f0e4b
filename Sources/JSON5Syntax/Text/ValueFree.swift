/// A value whose description says what it is and where, and never holds a value of the document.
///
/// The mirror is empty because `dump` and test frameworks walk it and would print the string inside.
package protocol ValueFree: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension ValueFree {
    /// The same as the description.
    package var debugDescription: String { description }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
