import Foundation

extension Error {
    /// What a user interface would show.
    var localizedText: String { localizedDescription + "\((self as NSError).userInfo)" }
}
