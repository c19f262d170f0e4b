#if CLI
import KeyHooks
import LightFoundation

/// What `get --json` prints; it holds the key, which is what was asked for.
struct KeyReport: Encodable {
    let service: String
    let status: String
    let value: String?
    let source: String?
    let version: String?
    let expiresAt: Date?
    let namesTried: [String]?

    init(_ answer: KeyAnswer, service: Service) {
        self.service = service.id
        switch answer {
        case .found(let key):
            status = "found"
            value = key.value
            source = key.provenance?.source.description
            version = key.provenance?.version
            expiresAt = key.provenance?.expiresAt
            namesTried = nil
        case .notRequired:
            status = "notRequired"
            (value, source, version, expiresAt, namesTried) = (nil, nil, nil, nil, nil)
        case .absent(let absence):
            status = "absent"
            namesTried = absence.namesTried
            (value, source, version, expiresAt) = (nil, nil, nil, nil)
        }
    }
}
#endif
