internal import DotenvSyntax

extension PublicSuites {
    /// Inputs of motdotla/dotenv, tests/.env.multiline.
    static let nodeDotenvOverLines: [SuiteRow] = [
        .accepts("MULTI_DOUBLE_QUOTED=\"THIS\nIS\nA\nMULTILINE\nSTRING\"", "MULTI_DOUBLE_QUOTED", lines),
        .accepts("MULTI_SINGLE_QUOTED='THIS\nIS\nA\nMULTILINE\nSTRING'", "MULTI_SINGLE_QUOTED", lines),
        .accepts("MULTI_DOUBLE_QUOTED=\"THIS\r\nIS\r\nA\r\nMULTILINE\r\nSTRING\"", "MULTI_DOUBLE_QUOTED", lines),
        .accepts("MULTI_SINGLE_QUOTED='THIS\r\nIS\r\nA\r\nMULTILINE\r\nSTRING'\r\n", "MULTI_SINGLE_QUOTED", lines),
        .accepts("MULTI_DOUBLE_QUOTED=\"THIS\rIS\rA\rMULTILINE\rSTRING\"\r", "MULTI_DOUBLE_QUOTED", lines),
        .refuses(
            "MULTI_BACKTICKED=`THIS\nIS\nA\n\"MULTILINE'S\"\nSTRING`",
            .backtickQuotes,
            differs: backticks
        ),
        .accepts(
            """
            MULTI_PEM_DOUBLE_QUOTED="-----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnNl1tL3QjKp3DZWM0T3u
            u4QuUoobAgMBAAE=
            -----END PUBLIC KEY-----"

            """,
            "MULTI_PEM_DOUBLE_QUOTED",
            """
            -----BEGIN PUBLIC KEY-----
            MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnNl1tL3QjKp3DZWM0T3u
            u4QuUoobAgMBAAE=
            -----END PUBLIC KEY-----
            """
        ),
    ]

    private static let lines = "THIS\nIS\nA\nMULTILINE\nSTRING"
}
