#if AWS
// The table: what is chosen among web identity, sign-on, commands, containers and instances.
extension ChainCase {
    static let elsewhere = [
        ChainCase("a command", config: "[default]\ncredential_process = {HOME}/p.sh\n", files: ["p.sh": process]),
        ChainCase(
            "a command with quotes",
            config: "[default]\ncredential_process = \"{HOME}/a b.sh\" 'x y' z\n",
            files: [
                "a b.sh":
                    "#!/bin/sh\necho \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"A$#\\\",\\\"SecretAccessKey\\\":\\\"s$#\\\"}\"\n"
            ]
        ),
        ChainCase(
            "a command from PATH",
            config: "[default]\ncredential_process = sh {HOME}/p.sh\n",
            files: ["p.sh": process]
        ),
        ChainCase(
            "no shell",
            config: "[default]\ncredential_process = {HOME}/p.sh > /dev/null; false\n",
            files: ["p.sh": process]
        ),
        ChainCase(
            "a command's session token and end",
            config: "[default]\ncredential_process = cat {HOME}/j\n",
            files: [
                "j":
                    #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":"2099-01-01T00:00:00Z"}"#
            ]
        ),
        ChainCase(
            "a command's credentials that have ended",
            config: "[default]\ncredential_process = cat {HOME}/j\n",
            files: [
                "j":
                    #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","Expiration":"2020-01-01T00:00:00Z"}"#
            ]
        ),
        ChainCase(
            "a command's wrong version",
            config: "[default]\ncredential_process = cat {HOME}/j\n",
            files: ["j": #"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"}"#]
        ),
        ChainCase(
            "a command without a version",
            config: "[default]\ncredential_process = cat {HOME}/j\n",
            files: ["j": #"{"AccessKeyId":"A","SecretAccessKey":"s"}"#]
        ),
        ChainCase(
            "a command without a secret",
            config: "[default]\ncredential_process = cat {HOME}/j\n",
            files: ["j": #"{"Version":1,"AccessKeyId":"A"}"#]
        ),
        ChainCase("a command that writes no JSON", config: "[default]\ncredential_process = echo hello\n"),
        ChainCase("a command that fails", config: "[default]\ncredential_process = false\n\(key)"),
        ChainCase("a command that isn't there", config: "[default]\ncredential_process = {HOME}/none\n"),
        ChainCase(
            "the file of credentials before a command",
            config: "[default]\ncredential_process = false\n",
            credentials: "[default]\n\(key)"
        ),
        ChainCase(
            "a command before the configuration file",
            config: "[default]\ncredential_process = {HOME}/p.sh\n\(key)",
            files: ["p.sh": process]
        ),
        ChainCase(
            "single sign-on",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(startDigest)
        ),
        ChainCase(
            "single sign-on by a session",
            portal,
            config:
                "[default]\n\(signOn)sso_session = corp\n[sso-session corp]\nsso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(sessionDigest)
        ),
        ChainCase(
            "single sign-on before the files",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            credentials: "[default]\n\(key)",
            files: cached(startDigest)
        ),
        ChainCase(
            "nobody signed on",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            credentials: "[default]\n\(key)"
        ),
        ChainCase(
            "a sign-on that has ended",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(startDigest, ends: "2020-01-01T00:00:00Z")
        ),
        ChainCase(
            "a sign-on that is refused",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(startDigest, "other-token")
        ),
        ChainCase(
            "the older form of a date",
            portal,
            config: "[default]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(startDigest, ends: "2099-01-01T00:00:00UTC")
        ),
        ChainCase("a session that isn't there", portal, config: "[default]\n\(signOn)sso_session = corp\n"),
        ChainCase(
            "a session that says otherwise",
            portal,
            config:
                "[default]\n\(signOn)sso_session = corp\nsso_region = us-east-1\n[sso-session corp]\nsso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(sessionDigest)
        ),
        ChainCase("half a single sign-on", portal, config: "[default]\nsso_account_id = 1\n\(key)"),
        ChainCase(
            "a session's next token",
            portal,
            config: session,
            files: cachedSession("old", ends: "2020-01-01T00:00:00Z", right: "may-refresh")
        ),
        ChainCase(
            "a session whose right to a next token is gone",
            portal,
            config: session,
            files: cachedSession("old", ends: "2020-01-01T00:00:00Z", right: "gone")
        ),
        ChainCase(
            "a session whose registration has ended",
            portal,
            config: session,
            files: cachedSession(
                "old",
                ends: "2020-01-01T00:00:00Z",
                right: "may-refresh",
                registered: "2020-01-01T00:00:00Z"
            )
        ),
        ChainCase(
            "a session's token that is good needs no next one",
            portal,
            config: session,
            files: cachedSession("signed-on", ends: "2099-01-01T00:00:00Z", right: "gone")
        ),
        ChainCase("the container", container("open")),
        ChainCase(
            "the container with a token",
            container("token", ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token"])
        ),
        ChainCase(
            "a token of a file before that of the variable",
            container(
                "token",
                ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/t"]
            ),
            files: ["t": "container-token"]
        ),
        ChainCase("a container's credentials that have ended", container("ended")),
        ChainCase("a container that gives nothing", container("broken")),
        ChainCase("a host that isn't allowed", ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.org/creds"]),
        ChainCase("the files before the container", container("open"), credentials: "[default]\n\(key)"),
        ChainCase("the container before the instance", container("open", instance("two"))),
        ChainCase("the instance", instance("two")),
        ChainCase("the instance's first version", instance("one")),
        ChainCase("the first version turned off", instance("one", ["AWS_EC2_METADATA_V1_DISABLED": "true"])),
        ChainCase("turned off by the profile", instance("one"), config: "[default]\nec2_metadata_v1_disabled = true\n"),
        ChainCase("an instance that takes no request for a token", instance("refused")),
        ChainCase("an instance without a role", instance("norole")),
        ChainCase("an instance whose role is empty", instance("empty")),
        ChainCase("a success that is none", instance("code")),
        ChainCase("an instance that gives no JSON", instance("garbage")),
        ChainCase("an instance's credentials that have ended", instance("ended")),
        ChainCase("an instance beyond its hop limit", instance("silent")),
        ChainCase("metadata turned off", instance("two", ["AWS_EC2_METADATA_DISABLED": "TRUE"])),
        ChainCase(
            "the endpoint in the profile",
            ["AWS_EC2_METADATA_DISABLED": "false"],
            config: "[default]\nec2_metadata_service_endpoint = {URL}/imds/two/\n"
        ),
        ChainCase("the files before the instance", instance("two"), credentials: "[default]\n\(key)"),
    ]
}
#endif
