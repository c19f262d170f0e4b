package import Foundation

/// A certificate authority of a test's own, by the command `openssl`.
package struct TestAuthority: Sendable {
    private let folder: URL

    /// The certificate that makes what it issues trusted.
    package let certificate: String

    /// Makes an authority in a folder.
    package init(in folder: URL) throws {
        self.folder = folder
        certificate = folder.appendingPathComponent("ca.pem").path
        try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", folder.appendingPathComponent("ca.key").path, "-out", certificate, "-subj", "/CN=Test authority",
        ])
    }

    /// Issues a certificate; gives the paths of it and of its key.
    package func issue(
        _ name: String,
        _ purpose: String,
        names: String? = nil
    ) throws -> (certificate: String, key: String) {
        let (key, request) = (path("\(name).key"), path("\(name).csr"))
        let certificate = path("\(name).pem")
        try Self.openssl([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
            request, "-subj", "/CN=\(name)",
        ])
        let extensions = ["extendedKeyUsage=\(purpose)"] + (names.map { ["subjectAltName=\($0)"] } ?? [])
        try Data(extensions.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path("\(name).ext")))
        try Self.openssl([
            "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", path("ca.key"), "-CAcreateserial",
            "-days", "1", "-extfile", path("\(name).ext"), "-out", certificate,
        ])
        return (certificate, key)
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BaoFailure("openssl \(arguments.first ?? ""): \(String(decoding: said, as: UTF8.self))")
        }
    }
}
