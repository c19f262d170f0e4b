import HTTPTransport

/// What came of a request: a status, or the code of an error.
enum Outcome: Equatable, CustomStringConvertible {
    case answer(Int, String)
    case failure(HTTPTransportError.Code)
    case cancelled
    case other

    var isAnswer: Bool { if case .answer(200, _) = self { true } else { false } }

    var description: String {
        switch self {
        case .answer(let status, let body): "\(status) \(body.prefix(80))"
        case .failure(let code): code.description
        case .cancelled: "cancelled"
        case .other: "an error of another type"
        }
    }
}

extension HTTPTransport {
    func get(
        _ url: String,
        headers: [String: String] = [:],
        timeout: Duration = .seconds(20),
        limit: Int = 1 << 20
    ) async throws -> HTTPTransportResponse {
        let request = HTTPTransportRequest(method: "GET", url: url, headers: headers)
        return try await send(request, timeout: timeout, limit: limit)
    }

    func outcome(_ url: String, timeout: Duration = .seconds(20), limit: Int = 1 << 20) async -> Outcome {
        do {
            let response = try await get(url, timeout: timeout, limit: limit)
            return .answer(response.status, String(decoding: response.body, as: UTF8.self))
        } catch let error as HTTPTransportError {
            return .failure(error.code)
        } catch is CancellationError {
            return .cancelled
        } catch {
            return .other
        }
    }

    func error(_ url: String, timeout: Duration = .seconds(20), limit: Int = 1 << 20) async -> HTTPTransportError? {
        do {
            _ = try await get(url, timeout: timeout, limit: limit)
            return nil
        } catch { return error as? HTTPTransportError }
    }
}
