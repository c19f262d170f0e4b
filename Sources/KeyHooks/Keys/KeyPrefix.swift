import JSON5Syntax

/// What vendors begin their keys with.
///
/// One list for all who must know a key when they see one: the refusal of keys in configurations, the masking of what
/// plugins write, and the search for stand-ins.
package enum KeyPrefix {
    /// The prefixes, each with its case.
    package static let all = [
        "sk-", "sk_", "sk.", "rk_", "pk_", "gsk_", "AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghs_", "ghu_",
        "github_pat_", "glpat-", "xox", "xapp-", "hvs.", "hvb.", "hvr.", "s.", "b.", "eyJ", "r8_", "hf_", "pplx-",
        "xai-", "tvly-", "nvapi-", "fw_", "dop_v1_", "AGE-SECRET-KEY-", "ya29.", "shpat_", "SG.", "jina_", "csk-",
        "tgp_v1_", "fal_", "lsv2_", "pcsk_", "esecret_", "voyage-", "pa-", "bce-v3/", "ak-", "co-",
    ]
}

/// Vendors whose keys can be distinguished from all others' by what they begin with: only beginnings that no other
/// vendor has, since `sk-` alone is used by dozens.
extension KeyPrefix {
    /// One of them, and the service that its keys are for.
    struct Vendor: Sendable {
        let service: Service
        let name: String
        let prefixes: [String]
    }

    static let vendors = (JSONNode.keyForms["vendors"]?.members ?? [])
        .map { vendor in
            let texts = vendor.value.texts
            return Vendor(service: Service(vendor.name), name: texts[0], prefixes: Array(texts.dropFirst()))
        }

    /// Services of one vendor that take no other vendor's keys, though their own can't be distinguished from others.
    private static let others: Set<Service> = ["cohere", "deepseek", "mistral", "moonshot"]

    /// Whether a service is one vendor's alone, unlike a gateway or a server of one's own.
    static func isSure(of service: Service) -> Bool {
        others.contains(service) || vendors.contains { $0.service == service }
    }

    /// Whose a key is; nil if it may be anybody's.
    static func vendor(of key: some StringProtocol) -> Vendor? {
        vendors.first { vendor in
            vendor.prefixes.contains { prefix in
                // Letters alone begin a random key once in some millions; Google's have one length.
                key.hasPrefix(prefix)
                    && (prefix == "AIza" ? key.utf8.count == 39 : key.utf8.count >= prefix.utf8.count + 16)
            }
        }
    }
}

extension JSONNode {
    /// What `key-forms.json5` has, which the build embeds: what values look like that are keys of certain vendors, or
    /// that stand in the place of a key.
    static let keyForms = JSONNode(embedded: PackageResources.key_forms_json5, "key-forms.json5")
}
