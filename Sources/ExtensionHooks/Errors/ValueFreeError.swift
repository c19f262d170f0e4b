/// An error whose text never contains a secret value, whatever went wrong.
///
/// The text of an error of unknown origin may quote what it failed on. Only the text of a value-free error is repeated
/// in a ``HookError``'s description and in records; of any other error they show the type.
public protocol ValueFreeError: Error, CustomStringConvertible {}

/// The text of `error` as far as it is known to hold no value.
///
/// - Parameter error: Any error.
/// - Returns: The description of a ``ValueFreeError``; of any other error the name of its type.
package func valueFreeDescription(of error: any Error) -> String {
    if let error = error as? any ValueFreeError { return error.description }
    return String(reflecting: type(of: error))
}
