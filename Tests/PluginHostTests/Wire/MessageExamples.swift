/// One line of each message, and of each form it may have, as on the contract's page.
enum MessageExamples {
    static let ofPlugins = [
        #"{"type":"hello","v":[1],"plugin":{"id":"acme.vault","version":"1.4.0"},"capabilities":["batch","cancel","progress","invalidate"]}"#,
        #"{"type":"hello","v":[1]}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"key":"sk-…"},"cache":{"ttl_ms":300000,"expires_at":"2026-11-21T03:00:00Z"},"provenance":{"source":"vault.example/secret/ai","version":"7"}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"proceed"}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"proceed","arguments":{"service":"azure"}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"not_required":true}}}"#,
        #"{"type":"response","id":"17","error":{"kind":"interaction-required","message":"log in to the vault","hint":"run: vault login","retry_after_ms":null}}"#,
        #"{"type":"response","id":"17","error":{"kind":"not-found","cache":{"ttl_ms":1000}}}"#,
        #"{"type":"response","id":"17","error":{"kind":"brand-new"},"more":1}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"keep"}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"replace","outcome":{"key":"sk-…"}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"replace","outcome":{"error":{"kind":"permission-denied"}}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"replace","outcome":{"absent":true}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"text":"","version":"7","created_at":null}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"fields":{"a":1.50}}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"names":["a"],"next":"b"}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{"state":"degraded","reason":"slow"}}}"#,
        #"{"type":"response","id":"17","ok":{"verdict":"finish","result":{}}}"#,
        #"{"type":"response","id":"17","error":{"kind":"conflict"}}"#,
        #"{"type":"progress","id":"17","state":"waiting-for-user","message":"touch your key"}"#,
        #"{"type":"progress","id":"17"}"#,
    ]

    static let ofTheHost = [
        #"{"type":"init","v":1,"host":{"name":"keyhooks","version":"0.1.0"},"capabilities":["batch","cancel"],"interactive":"never","config":{"address":"https://…"},"limits":{"line_bytes":1048576,"in_flight":8}}"#,
        #"{"type":"request","id":"17","point":"getAPIKey","phase":"start","deadline_ms":4800,"attempt":1,"arguments":{"service":"openai","scope":{"project":"p1"}}}"#,
        #"{"type":"request","id":"18","point":"getSecret","phase":"end","deadline_ms":4800,"attempt":2,"arguments":{"service":"azure","field":"endpoint"},"outcome":{"status":"failed","code":"denied"}}"#,
        #"{"type":"request","id":"19","point":"secret.write","phase":"start","deadline_ms":1,"attempt":1,"arguments":{"name":"a","secret":{"fields":{"f":"v"}},"if":{"secret":{"text":"t"}},"tags":{"a":"b"},"parameters":{}}}"#,
        #"{"type":"request","id":"20","point":"secret.health","phase":"start","deadline_ms":1,"attempt":1,"arguments":{}}"#,
        #"{"type":"cancel","id":"17"}"#,
        #"{"type":"invalidate","point":"getAPIKey","arguments":{"service":"openai"},"reason":"rejected"}"#,
        #"{"type":"batch","requests":[{"type":"request","id":"1","point":"getAPIKey","phase":"start","deadline_ms":1,"attempt":1,"arguments":{"service":"a"}}]}"#,
    ]

    /// What the host refuses from a plugin, or cannot make an answer of.
    static let refused = [
        "null", "[]", "{}", #"{"type":7}"#, #"{"type":"ponder"}"#, #"{"type":"hello"}"#, #"{"type":"hello","v":1}"#,
        #"{"type":"response","ok":{"verdict":"keep"}}"#, #"{"type":"response","id":7,"ok":{"verdict":"keep"}}"#,
        #"{"type":"response","id":"1"}"#, #"{"type":"response","id":"1","ok":{}}"#,
        #"{"type":"response","id":"1","ok":{"verdict":"maybe"}}"#,
        #"{"type":"response","id":"1","ok":{"verdict":"finish"}}"#,
        #"{"type":"response","id":"1","ok":{"verdict":"replace"}}"#,
        #"{"type":"response","id":"1","error":{}}"#, #"{"type":"response","id":"1","error":{"kind":7}}"#,
        #"{"type":"response","id":"1","ok":{"verdict":"keep"},"error":{"kind":"internal"}}"#,
        #"{"type":"progress","state":"x"}"#, #"{"type":"progress","id":1}"#,
    ]
}
