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
