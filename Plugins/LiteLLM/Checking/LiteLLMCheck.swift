package import HTTPTransport
import JSON5Syntax
package import KeyHooks
import LightFoundation
package import ServerSettings

extension LiteLLMPlugin {
    /// Finds out what would fail for those who ask for keys; no key is made or taken away.
    ///
    /// - Parameters:
    ///   - context: The configuration and the process environment.
    ///   - transport: What sends the requests; nil for one of its own.
    /// - Returns: What was found.
    /// - Throws: A `KeyResolutionError` with the code `invalidConfiguration`.
    package static func check(
        in context: PluginContext,
        transport: (any HTTPTransport)? = nil
    ) async throws(KeyResolutionError) -> [CheckFinding] {
        let check = LiteLLMCheck(administration: try LiteLLMAdministration(in: context, transport: transport))
        return await check.findings()
            .map { finding in
                var finding = finding
                finding.sections = ["plugins.litellm"]
                return finding
            }
    }
}

/// Looks at the proxy and at the roles, in the order in which a request for a key needs them.
struct LiteLLMCheck: Sendable {
    let administration: LiteLLMAdministration

    private var client: LiteLLMClient { administration.client }

    private static let keyStep = "admin key"

    func findings() async -> [CheckFinding] {
        var findings = [section]
        let key: APIKey?
        do throws(KeyResolutionError) {
            key = try client.adminKey.current()
        } catch {
            key = nil
            findings.append(.failed(Self.keyStep, error))
        }
        findings += remarksOnTransport
        let proxy = await lookAtProxy()
        findings.append(proxy)
        var isAsked = false
        if let key {
            if proxy.outcome == .passed {
                let (finding, isAccepted) = await lookAtKey(key)
                findings.append(finding)
                isAsked = isAccepted
                if isAccepted {
                    let hash = VirtualKeys.hash(of: key.value)
                    findings += await administration.remainsFinding(of: hash, step: Self.keyStep).map { [$0] } ?? []
                }
            } else {
                findings.append(.skipped(Self.keyStep, "it is there; not looked at further: the proxy can't answer"))
            }
        }
        var models: ProxyModels?
        if isAsked {
            do {
                models = try await ProxyModels(of: client)
            } catch {
                let error = LiteLLMAdministration.known(error)
                findings.append(
                    .skipped("models", error.message, remedy: "check the models by hand, or \(error.remedy)")
                )
            }
        }
        for (_, role) in administration.minter.roles.sorted(by: { $0.key < $1.key }) {
            let check = RoleCheck(role: role, client: client, adminKey: key, models: models, isAsked: isAsked)
            findings += await check.findings()
        }
        return findings
    }

    private var section: CheckFinding {
        let configuration = administration.configuration
        let names = configuration.roles.keys.sorted().map { displayText($0) }
        let answers = configuration.role ?? (names.count == 1 ? names[0] : "")
        let reason =
            "\(names.count) role\(names.count == 1 ? "" : "s"), of which '\(displayText(answers))' answers for litellm"
        return .passed("section", reason)
    }

    private var proxyStep: String { "proxy \(client.address.shown)" }

    /// What works, and lets others read the keys.
    private var remarksOnTransport: [CheckFinding] {
        if client.address.isExposed {
            let reason = "the admin key and the keys that are made go unencrypted: whoever sits in between reads them"
            return [.skipped(proxyStep, reason, remedy: "have the proxy answer to https, and write https:// in 'url'")]
        }
        guard client.address.isTLS, administration.configuration.transport.acceptsAnyCertificate else { return [] }
        let reason =
            "its certificate goes unchecked ('skipVerify'): whoever sits in between gets the admin key and the keys"
        return [.skipped(proxyStep, reason, remedy: "name its authority in 'caCert', and take 'skipVerify' out")]
    }

    /// Whether the proxy answers, and has its database; nobody has to be known for that.
    private func lookAtProxy() async -> CheckFinding {
        let step = proxyStep
        let request = LiteLLMRequest(path: "/health/readiness", doing: "telling whether it is ready")
        do {
            let reply = try await client.transmit(request, nil, by: client.deadline)
            guard reply.isSuccess, let database = reply.json?["db"]?.string else {
                guard !(200...299).contains(reply.status), reply.status != 404 else {
                    let reason = "what answers there isn't a LiteLLM proxy (\(reply.status))"
                    return .failed(step, .invalidConfiguration, reason, remedy: "check 'url'")
                }
                let now = client.clock.date()
                return .failed(step, LiteLLMFailure(reply, request.doing, at: client.address.shown, now: now).error)
            }
            guard database.lowercased() == "connected" else {
                return .failed(
                    step,
                    .invalidConfiguration,
                    "it has no database to keep keys in (\(displayText(database)))",
                    remedy: "set DATABASE_URL for the proxy, and see its log"
                )
            }
            return .passed(step, "ready, and its database is connected")
        } catch {
            return .failed(step, LiteLLMAdministration.known(error))
        }
    }

    /// Whether the admin key is accepted and may manage keys, and whose it is.
    private func lookAtKey(_ key: APIKey) async -> (CheckFinding, isAccepted: Bool) {
        let info: VirtualKeyInfo?
        do {
            _ = try await client.send(
                LiteLLMRequest(path: "/key/list?page=1&size=1", doing: "listing keys"),
                by: client.deadline
            )
            info = try await administration.keys.info(VirtualKeys.hash(of: key.value), by: client.deadline)
        } catch {
            return (.failed(Self.keyStep, LiteLLMAdministration.known(error)), false)
        }
        guard let info else {
            let reason =
                "accepted; it is the proxy's master key, which 'keyhooks litellm rotate-admin-key' can't replace"
            return (.passed(Self.keyStep, reason), true)
        }
        var words = ["accepted"]
        if let end = info.expiresAt {
            let left = Int(end.timeIntervalSince(client.clock.date()))
            words.append("it ends in \(left >= 172_800 ? "\(left / 86_400) days" : "\(left / 60) minutes")")
        }
        let role = await roleOfUser(info.userID)
        words.append("its user has the role \(role.map { displayText($0) } ?? "(unknown)")")
        guard role == "proxy_admin" else {
            let remedy = "name in 'adminKey' the master key, or the key of a user with the role proxy_admin"
            let reason = words.joined(separator: "; ") + ": it may make keys of that user only, or none"
            return (.skipped(Self.keyStep, reason, remedy: remedy), true)
        }
        return (.passed(Self.keyStep, words.joined(separator: "; ")), true)
    }

    private func roleOfUser(_ id: String?) async -> String? {
        guard let id else { return nil }
        let request = LiteLLMRequest(path: "/user/info?user_id=\(percentEncoded(id))", doing: "looking at its user")
        let reply = try? await client.send(request, by: client.deadline)
        return reply?.json?["user_info"]?["user_role"]?.string
    }
}
