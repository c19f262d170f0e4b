#if AWS
// The table: what is chosen among environment, files and profiles.
extension ChainCase {
    static let keys = [
        ChainCase("nothing anywhere"),
        ChainCase("the environment", inEnvironment),
        ChainCase("the environment with a session token", inEnvironment.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }),
        ChainCase("the older name of the token", inEnvironment.merging(["AWS_SECURITY_TOKEN": "s"]) { $1 }),
        ChainCase(
            "both names of the token",
            inEnvironment.merging(["AWS_SESSION_TOKEN": "t", "AWS_SECURITY_TOKEN": "s"]) { $1 }
        ),
        ChainCase("an empty token", inEnvironment.merging(["AWS_SESSION_TOKEN": ""]) { $1 }),
        ChainCase(
            "the environment with an end",
            inEnvironment.merging(["AWS_CREDENTIAL_EXPIRATION": "2099-01-01T00:00:00Z"]) { $1 }
        ),
        ChainCase(
            "the environment that has ended",
            inEnvironment.merging(["AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"]) { $1 }
        ),
        ChainCase("half an environment", ["AWS_ACCESS_KEY_ID": "AKIAENV"], credentials: "[default]\n\(key)"),
        ChainCase("the other half", ["AWS_SECRET_ACCESS_KEY": "s"], credentials: "[default]\n\(key)"),
        ChainCase("an empty access key", ["AWS_ACCESS_KEY_ID": ""], credentials: "[default]\n\(key)"),
        ChainCase("the environment before the files", inEnvironment, credentials: "[default]\n\(key)"),
        ChainCase("the file of credentials", credentials: "[default]\n\(key)"),
        ChainCase("with a token", credentials: "[default]\n\(key)aws_session_token = t\n"),
        ChainCase(
            "with the older name",
            credentials: "[default]\n\(key)aws_security_token = s\naws_session_token = t\n"
        ),
        ChainCase("the configuration file", config: "[default]\n\(key)"),
        ChainCase("both files", config: "[default]\n\(other)", credentials: "[default]\n\(key)"),
        ChainCase(
            "half in each file",
            config: "[default]\naws_secret_access_key = c\n",
            credentials: "[default]\naws_access_key_id = AKIAHALF\n"
        ),
        ChainCase("half in the file of credentials", credentials: "[default]\naws_access_key_id = AKIAHALF\n"),
        ChainCase("half in the configuration file", config: "[default]\naws_access_key_id = AKIAHALF\n"),
        ChainCase("a profile by AWS_PROFILE", ["AWS_PROFILE": "b"], credentials: "[a]\n\(key)[b]\n\(other)"),
        ChainCase(
            "a profile by AWS_DEFAULT_PROFILE",
            ["AWS_DEFAULT_PROFILE": "a"],
            credentials: "[a]\n\(key)[b]\n\(other)"
        ),
        ChainCase(
            "both variables",
            ["AWS_DEFAULT_PROFILE": "a", "AWS_PROFILE": "b"],
            credentials: "[a]\n\(key)[b]\n\(other)"
        ),
        ChainCase(
            "the environment before AWS_PROFILE",
            inEnvironment.merging(["AWS_PROFILE": "a"]) { $1 },
            credentials: "[a]\n\(key)"
        ),
        ChainCase(
            "a profile that the program names before the environment",
            inEnvironment,
            credentials: "[a]\n\(key)",
            profile: "a"
        ),
        ChainCase("a profile that isn't there", ["AWS_PROFILE": "none"], credentials: "[a]\n\(key)"),
        ChainCase(
            "a profile that isn't there, and the environment",
            inEnvironment.merging(["AWS_PROFILE": "none"]) { $1 }
        ),
        ChainCase("a profile with a blank", ["AWS_PROFILE": "my own"], config: "[profile \"my own\"]\n\(key)"),
        ChainCase("a profile in the configuration file", ["AWS_PROFILE": "a"], config: "[profile a]\n\(key)"),
        ChainCase("a profile without its word", ["AWS_PROFILE": "a"], config: "[a]\n\(key)"),
        ChainCase("the word in the file of credentials", ["AWS_PROFILE": "a"], credentials: "[profile a]\n\(key)"),
        ChainCase("default with its word", config: "[profile default]\n\(key)"),
        ChainCase(
            "other files",
            ["AWS_CONFIG_FILE": "{HOME}/c", "AWS_SHARED_CREDENTIALS_FILE": "~/s"],
            credentials: "[default]\n\(other)",
            files: ["s": "[default]\n\(key)"]
        ),
        ChainCase(
            "a file named by a variable",
            ["AWS_SHARED_CREDENTIALS_FILE": "$HOME/s"],
            files: ["s": "[default]\n\(key)"]
        ),
        ChainCase(
            "files that aren't there",
            ["AWS_CONFIG_FILE": "{HOME}/c", "AWS_SHARED_CREDENTIALS_FILE": "{HOME}/s"]
        ),
    ]

    static let grammar = [
        ChainCase("comments", credentials: "# a\n; b\n[default]\n# c = d\n\(key); e\n"),
        ChainCase(
            "a sign inside a value",
            credentials: "[default]\naws_access_key_id = AKIA\naws_secret_access_key = a#b\n"
        ),
        ChainCase("colons", credentials: "[default]\naws_access_key_id: AKIACOLON\naws_secret_access_key:s=a:b\n"),
        ChainCase("capitals in names", credentials: "[default]\nAWS_Access_Key_ID=AKIA\nAWS_SECRET_ACCESS_KEY=s\n"),
        ChainCase(
            "no blanks, many blanks",
            credentials: "[default]\naws_access_key_id=AKIA\naws_secret_access_key   =   s  \n"
        ),
        ChainCase(
            "line ends of Windows",
            credentials: "[default]\r\naws_access_key_id = AKIA\r\naws_secret_access_key = s\r\n"
        ),
        ChainCase(
            "settings inside a setting",
            config: "[default]\ns3 =\n  max_concurrent_requests = 2\n\n  a = b\n\(key)"
        ),
        ChainCase(
            "an indented heading",
            credentials: "  [default]\n  aws_access_key_id = AKIA\n  aws_secret_access_key = s\n"
        ),
        ChainCase("a heading with something behind it", credentials: "[default] # mine\n\(key)"),
        ChainCase(
            "an equals sign in a value",
            credentials: "[default]\naws_access_key_id = AKIA\naws_secret_access_key = a=b==\n"
        ),
        ChainCase("a section that is there twice", credentials: "[default]\n\(key)[default]\n\(other)"),
        ChainCase("a setting that is there twice", credentials: "[default]\n\(key)\(key)"),
        ChainCase("a setting before the first section", credentials: "a = b\n[default]\n\(key)"),
        ChainCase("a line that is nothing", credentials: "[default]\nnothing\n\(key)"),
        ChainCase("an empty file", config: "\n", credentials: "\n"),
        ChainCase(
            "another profile with a mistake of meaning",
            config: "[profile x]\n\(role)",
            credentials: "[default]\n\(key)"
        ),
        ChainCase("an empty heading", credentials: "[]\n[default]\n\(key)"),
    ]

    static let roles = [
        ChainCase(
            "a role by source_profile",
            tokens,
            config: "[default]\n\(role)source_profile = s\n",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "without a region",
            ["AWS_ENDPOINT_URL_STS": "{URL}/sts"],
            config: "[default]\n\(role)source_profile = s\n",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "with all that belongs to a role",
            tokens,
            config:
                "[default]\n\(role)source_profile = s\nexternal_id = x & y\nrole_session_name = me@corp\nduration_seconds = 900\n",
            credentials: "[s]\n\(key)aws_session_token = t\n"
        ),
        ChainCase(
            "a duration that isn't a number",
            tokens,
            config: "[default]\n\(role)source_profile = s\nduration_seconds = long\n",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "the environment before a role",
            tokens.merging(inEnvironment) { $1 },
            config: "[default]\n\(role)source_profile = s\n",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "a role before its own access key",
            tokens,
            config: "[default]\n\(role)source_profile = s\n\(other)",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "a profile that refers to itself",
            tokens,
            config: "[default]\n\(role)source_profile = default\n\(key)"
        ),
        ChainCase("itself without an access key", tokens, config: "[default]\n\(role)source_profile = default\n"),
        ChainCase(
            "a chain of roles",
            tokens,
            config:
                "[default]\n\(role)source_profile = m\n[profile m]\nrole_arn = arn:aws:iam::1:role/m\nsource_profile = s\n[profile s]\n\(key)"
        ),
        ChainCase(
            "a chain whose middle has an access key",
            tokens,
            config:
                "[default]\n\(role)source_profile = m\n[profile m]\nrole_arn = arn:aws:iam::1:role/m\nsource_profile = s\n\(other)[profile s]\n\(key)"
        ),
        ChainCase(
            "a circle",
            tokens,
            config: "[default]\n\(role)source_profile = m\n[profile m]\n\(role)source_profile = default\n"
        ),
        ChainCase("a source_profile that isn't there", tokens, config: "[default]\n\(role)source_profile = s\n"),
        ChainCase(
            "a source_profile without credentials",
            tokens,
            config: "[default]\n\(role)source_profile = s\n[profile s]\nregion = a\n"
        ),
        ChainCase("no source", tokens, config: "[default]\n\(role)", credentials: "[default]\n\(key)"),
        ChainCase(
            "two sources",
            tokens.merging(inEnvironment) { $1 }.merging(["AWS_PROFILE": "p"]) { $1 },
            config: "[profile p]\n\(role)source_profile = s\ncredential_source = Environment\n",
            credentials: "[s]\n\(key)",
            profile: "p"
        ),
        ChainCase(
            "a role by the environment",
            tokens.merging(inEnvironment) { $1 },
            config: "[profile p]\n\(role)credential_source = Environment\n",
            profile: "p"
        ),
        ChainCase(
            "an empty environment as the source",
            tokens,
            config: "[default]\n\(role)credential_source = Environment\n"
        ),
        ChainCase(
            "a role by the container",
            tokens.merging(container("open")) { $1 },
            config: "[default]\n\(role)credential_source = EcsContainer\n"
        ),
        ChainCase(
            "a role by the instance",
            tokens.merging(instance("two")) { $1 },
            config: "[default]\n\(role)credential_source = Ec2InstanceMetadata\n"
        ),
        ChainCase("an unknown source", tokens, config: "[default]\n\(role)credential_source = Moon\n"),
        ChainCase(
            "a role that is denied",
            tokens,
            config: "[default]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = s\n",
            credentials: "[s]\n\(key)"
        ),
        ChainCase(
            "a role by a command",
            tokens,
            config: "[default]\n\(role)source_profile = s\n[profile s]\ncredential_process = {HOME}/p.sh\n",
            files: ["p.sh": process]
        ),
        ChainCase(
            "a role by single sign-on",
            tokens.merging(portal) { $1 },
            config:
                "[default]\n\(role)source_profile = s\n[profile s]\n\(signOn)sso_start_url = https://start.example.org/start\nsso_region = eu-west-1\n",
            files: cached(startDigest)
        ),
        ChainCase(
            "a role by web identity of a profile",
            tokens,
            config:
                "[default]\n\(role)source_profile = s\n[profile s]\nrole_arn = arn:aws:iam::1:role/w\nweb_identity_token_file = {HOME}/t\n",
            files: ["t": "id-token"]
        ),
        ChainCase(
            "web identity",
            tokens.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t", "AWS_ROLE_ARN": "arn:aws:iam::1:role/w"]) { $1 },
            files: ["t": "id-token"]
        ),
        ChainCase(
            "web identity with a name",
            tokens.merging([
                "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t", "AWS_ROLE_ARN": "arn:aws:iam::1:role/w",
                "AWS_ROLE_SESSION_NAME": "pod",
            ]) { $1 },
            files: ["t": "id-token"]
        ),
        ChainCase(
            "web identity before the files",
            tokens.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t", "AWS_ROLE_ARN": "arn:aws:iam::1:role/w"]) { $1 },
            credentials: "[default]\n\(key)",
            files: ["t": "id-token"]
        ),
        ChainCase(
            "web identity without a role",
            tokens.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t"]) { $1 },
            credentials: "[default]\n\(key)",
            files: ["t": "id-token"]
        ),
        ChainCase(
            "web identity without its file",
            tokens.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t", "AWS_ROLE_ARN": "arn:aws:iam::1:role/w"]) { $1 },
            credentials: "[default]\n\(key)"
        ),
        ChainCase(
            "a profile that the program names has no web identity of the environment",
            tokens.merging(["AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/t", "AWS_ROLE_ARN": "arn:aws:iam::1:role/w"]) { $1 },
            credentials: "[p]\n\(key)",
            files: ["t": "id-token"],
            profile: "p"
        ),
    ]
}
#endif
