extension PublicSuites {
    /// Inputs of motdotla/dotenv-expand, tests/main.js and tests/.env.test.
    static let dotenvExpand: [SuiteRow] = [
        row("BASIC=basic\nBASIC_EXPAND=${BASIC}", ["BASIC": "basic", "BASIC_EXPAND": "basic"]).expanding(),
        row("BASIC=basic\nBASIC_EXPAND_SIMPLE=$BASIC", ["BASIC": "basic", "BASIC_EXPAND_SIMPLE": "$BASIC"], plain)
            .expanding(),
        row("MACHINE_EXPAND=${MACHINE}", ["MACHINE_EXPAND": "machine"]).expanding(machine),
        row("MACHINE_EXPAND_SIMPLE=$MACHINE", ["MACHINE_EXPAND_SIMPLE": "$MACHINE"], plain).expanding(machine),
        row(
            "PASSWORD=dude\nPASSWORD_EXPAND=${PASSWORD}",
            ["PASSWORD": "dude", "PASSWORD_EXPAND": "pas$word"],
            "dotenv-expand also replaces PASSWORD itself; here a file's own value is never replaced"
        )
        .expanding(["PASSWORD": "pas$word"]),
        row("UNDEFINED_EXPAND=$UNDEFINED_ENV_KEY", ["UNDEFINED_EXPAND": "$UNDEFINED_ENV_KEY"], plain).expanding(),
        row("MACHINE=machine_env\nMACHINE_EXPAND=${MACHINE}", ["MACHINE": "machine_env", "MACHINE_EXPAND": "machine"])
            .expanding(machine),
        row(#"ESCAPED_EXPAND=\$ESCAPED"#, ["ESCAPED_EXPAND": "$ESCAPED"]).expanding(),
        row(#"ESCAPED_EXPAND=\${ESCAPED}"#, ["ESCAPED_EXPAND": "${ESCAPED}"]).expanding(),
        row(#"INLINE_ESCAPED_EXPAND=pa\$\$word"#, ["INLINE_ESCAPED_EXPAND": "pa$$word"]).expanding(),
        row(
            #"INLINE_ESCAPED_EXPAND_BCRYPT=\$2b\$10\$OMZ69gxxsmRgwAt945WHSujpr/u8ZMx.xwtxWOCMkeMW7p3XqKYca"#,
            ["INLINE_ESCAPED_EXPAND_BCRYPT": "$2b$10$OMZ69gxxsmRgwAt945WHSujpr/u8ZMx.xwtxWOCMkeMW7p3XqKYca"]
        )
        .expanding(),
        row(
            #"PARAM1=42"# + "\n" + #"MIXED_VALUES=\$this$PARAM1\$is${PARAM1}"#,
            ["PARAM1": "42", "MIXED_VALUES": "$this$PARAM1$is42"],
            plain
        )
        .expanding(),
        row("DEFINED_EXPAND_WITH_DEFAULT=${MACHINE:-default}", ["DEFINED_EXPAND_WITH_DEFAULT": "machine"])
            .expanding(machine),
        row("V=${MACHINE:-${UNDEFINED_ENV_KEY:-default}}", ["V": "machine"]).expanding(machine),
        row("V=${UNDEFINED_ENV_KEY:-${MACHINE:-default}}", ["V": "machine"]).expanding(machine),
        row("V=${UNDEFINED_ENV_KEY:-default}", ["V": "default"]).expanding(machine),
        row("V=${UNDEFINED_ENV_KEY:-${UNDEFINED_ENV_KEY_2:-default}}", ["V": "default"]).expanding(machine),
        row("V=${UNDEFINED_ENV_KEY:-${MACHINE}${UNDEFINED_ENV_KEY_3:-default}}", ["V": "machinedefault"])
            .expanding(machine),
        row(
            "V=${UNDEFINED_ENV_KEY:-${UNDEFINED_ENV_KEY_2:-${UNDEFINED_ENV_KEY_3:-default}}}",
            ["V": "default"]
        )
        .expanding(machine),
        row("V=${MACHINE:-/default/path:with/colon}", ["V": "machine"]).expanding(machine),
        row("V=${UNDEFINED_ENV_KEY:-/default/path:with/colon}", ["V": "/default/path:with/colon"]).expanding(),
        row(
            "V=${UNDEFINED_ENV_KEY:-${UNDEFINED_ENV_KEY_2:-/default/path:with/colon}}",
            ["V": "/default/path:with/colon"]
        )
        .expanding(),
        row(
            "V=$UNDEFINED_ENV_KEY:-/default/path:with/colon",
            ["V": "$UNDEFINED_ENV_KEY:-/default/path:with/colon"],
            plain
        )
        .expanding(),
        row(
            "USER=username\nPASSWORD=password\nURI=mongodb://${USER}:${PASSWORD}@abcd1234.mongolab.com",
            [
                "USER": "username", "PASSWORD": "password",
                "URI": "mongodb://username:password@abcd1234.mongolab.com",
            ]
        )
        .expanding(),
        row(
            "USER=username\nUSER_RECURSIVELY=${USER}:x\nURI=mongodb://${USER_RECURSIVELY}@host",
            ["USER": "username", "USER_RECURSIVELY": "username:x", "URI": "mongodb://username:x@host"]
        )
        .expanding(),
        row(
            "POSTGRESQL.BASE.USER=postgres\nPOSTGRESQL.MAIN.USER=${POSTGRESQL.BASE.USER}",
            ["POSTGRESQL.BASE.USER": "postgres", "POSTGRESQL.MAIN.USER": "postgres"]
        )
        .expanding(),
        row("DOLLAR=$", ["DOLLAR": "$"]).expanding(),
        row("ONE=one\nTWO=two\nONETWO=${ONE}${TWO}", ["ONE": "one", "TWO": "two", "ONETWO": "onetwo"]).expanding(),
        row(
            "ONE=one\nTWO=two\nONETWO_SIMPLE=${ONE}$TWO",
            ["ONE": "one", "TWO": "two", "ONETWO_SIMPLE": "one$TWO"],
            plain
        )
        .expanding(),
        row(
            "ONE=one\nTWO=two\nONETWO_SUPER_SIMPLE=$ONE$TWO",
            ["ONE": "one", "TWO": "two", "ONETWO_SUPER_SIMPLE": "$ONE$TWO"],
            plain
        )
        .expanding(),
        row("NODE_ENV=test\nNODE_COPY=${NODE_ENV}", ["NODE_ENV": "test", "NODE_COPY": "test"]).expanding(),
    ]

    static func row(_ input: String, _ values: [String: String?], _ differs: String = "") -> SuiteRow {
        .accepts(input, values, differs: differs)
    }

    static let plain = "$NAME without braces is never expanded here: passwords and bcrypt hashes hold it"
    private static let machine = ["MACHINE": "machine"]
}
