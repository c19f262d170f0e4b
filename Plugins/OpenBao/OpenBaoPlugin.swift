/// Answers for API keys from the KV v2 engine of OpenBao or Vault, through a TTL cache.
public struct OpenBaoPlugin: Sendable {}
