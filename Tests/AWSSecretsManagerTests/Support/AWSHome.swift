#if AWS
import Foundation
import KeyHooksTesting

/// A home folder with AWS's files, which goes away with this object.
final class AWSHome: Sendable {
    let path: String

    init(config: String = "", credentials: String = "", files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("aws-\(UUID().uuidString)").path
        var texts = files
        if !config.isEmpty { texts[".aws/config"] = config }
        if !credentials.isEmpty { texts[".aws/credentials"] = credentials }
        for (name, text) in texts {
            let file = URL(fileURLWithPath: path).appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            // What a path in it is to count from.
            try Data(text.replacing("{HOME}", with: path).utf8).write(to: file)
            if name.hasSuffix(".sh") {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// An environment in which nothing of this machine counts.
    var variables: [String: String] {
        ["HOME": path, "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"]
    }
}
#endif
