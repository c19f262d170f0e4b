import HTTPTransport

private func transport() async throws {
    var settings = HTTPTransportSettings()
    settings.authorityFile = "/etc/vault/ca.pem"
    let transport = settings.transport()
    let request = HTTPTransportRequest(method: "GET", url: "https://vault.example:8200/v1/sys/health")
    let response = try await transport.send(request, timeout: .seconds(5), limit: 1 << 20)
    _ = response
}
