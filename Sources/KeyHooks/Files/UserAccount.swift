import LightFoundation

/// What the system's databases of users and groups say.
enum UserAccount {
    /// The home folder of the user of this process; nil if the database has no absolute path for it.
    static var home: String? {
        let home = entry(of: geteuid())?.home
        return home?.hasPrefix("/") == true ? home : nil
    }

    /// The name of a user; nil if the database has none.
    static func name(of owner: uid_t) -> String? { entry(of: owner)?.name }

    /// Whether a group is one user's alone: it bears the user's name, and lists nobody else.
    ///
    /// Many systems make such a group for each user, and with it files that "the group" may change.
    static func isPrivate(_ group: gid_t, of owner: uid_t) -> Bool {
        guard let user = entry(of: owner), user.group == group else { return false }
        return members(of: group, named: user.name)?.allSatisfy { $0 == user.name } ?? false
    }

    private static func entry(of owner: uid_t) -> (name: String, group: gid_t, home: String)? {
        withRoom { room in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let code = getpwuid_r(owner, &entry, room.baseAddress!, room.count, &found)
            guard code == 0, found != nil else { return (code, nil) }
            return (0, (String(cString: entry.pw_name), entry.pw_gid, String(cString: entry.pw_dir)))
        }
    }

    /// Who is listed as a member of a group; nil if the group isn't called so.
    private static func members(of number: gid_t, named name: String) -> [String]? {
        withRoom { room in
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            let code = getgrgid_r(number, &entry, room.baseAddress!, room.count, &found)
            guard code == 0, found != nil, String(cString: entry.gr_name) == name else { return (code, nil) }
            var members: [String] = []
            var next = entry.gr_mem
            while let member = next?.pointee {
                members.append(String(cString: member))
                next = next?.advanced(by: 1)
            }
            return (0, members)
        }
    }

    /// Hands out more and more room until the system's answer fits.
    private static func withRoom<Answer>(
        _ ask: (UnsafeMutableBufferPointer<CChar>) -> (code: CInt, answer: Answer?)
    ) -> Answer? {
        var size = 4096
        while size <= 1 << 20 {
            let (code, answer) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { ask($0) }
            guard code == ERANGE else { return answer }
            size *= 4
        }
        return nil
    }
}
