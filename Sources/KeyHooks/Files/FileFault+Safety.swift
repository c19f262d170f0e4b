extension FileFault {
    /// What somebody else could change about a file or folder; of a link the place it leads to counts.
    package static func faults(of place: FilePath) -> [FileFault] {
        do {
            let status = try FileStatus(of: place.text, followsLinks: true)
            return faults(of: status, at: place)
        } catch {
            return [.unreadable(place.text, error)]
        }
    }

    /// What somebody else could change about a file whose status is known.
    package static func faults(of status: FileStatus, at place: FilePath) -> [FileFault] {
        ownership(status.isOwnedByUserOrRoot ? [] : [place], in: place)
            + permissions(status.isWritableByOthers ? [place] : [], in: place)
    }

    /// Who else could put another folder in the place of one, by what they may do in those above it.
    ///
    /// Others may write to a folder in which only the owner of a file may move it, as in the one for temporary files. The
    /// place is an absolute path without links.
    package static func faults(above place: FilePath) -> [FileFault] {
        var place = place
        while place.text != "/", place.text != "." {
            place = place.folder
            do {
                let status = try FileStatus(of: place.text)
                let faults =
                    ownership(status.isOwnedByUserOrRoot ? [] : [place], in: place)
                    + permissions(status.isWritableByOthers && !status.isSticky ? [place] : [], in: place)
                if !faults.isEmpty { return faults }
            } catch {
                // What can't be looked at can't be passed either, and the file was found below it.
                return []
            }
        }
        return []
    }

    /// One fault for all files below a folder that belong to another user.
    package static func ownership(_ places: [FilePath], in folder: FilePath) -> [FileFault] {
        guard let first = places.first else { return [] }
        let user = #""$(id -un)""#
        return [
            FileFault(
                "\(first)\(others(places)) belongs to another user",
                remedy: places.count == 1
                    ? "if you know what it does: sudo chown \(user) \(quoted(first.text))"
                    : "if you know what they do: sudo chown -R \(user) \(quoted(folder.text))"
            )
        ]
    }

    /// One fault for all files below a folder that other users can change.
    package static func permissions(_ places: [FilePath], in folder: FilePath) -> [FileFault] {
        guard let first = places.first else { return [] }
        return [
            FileFault(
                "\(first)\(others(places)) can be changed by other users",
                remedy: places.count == 1
                    ? "run: chmod go-w \(quoted(first.text))"
                    : "run: chmod -R go-w \(quoted(folder.text))"
            )
        ]
    }

    private static func others(_ places: [FilePath]) -> String {
        places.count == 1 ? "" : " (with \(places.count - 1) more)"
    }
}
