import Foundation

/// The permissions that folders and files get at a destination.
enum DestinationPermissions: Equatable {
    /// Folders 755, files 644: a web server can read them, whatever the umask is.
    case standard
    /// Folders 2775, files 664: several people of a group work in the destination folder, so each
    /// of them can publish the next edition.
    case group
    /// Those of the file system: FAT, exFAT and some file servers have no permissions.
    case fixed

    /// - Parameter folder: a local destination with the lock of this program, on which a change of
    ///   permissions is tried.
    init(of folder: String) {
        self.init(of: folder, probe: folder + "/" + Leftover.lock)
    }

    /// - Parameter probe: a file of this program in the folder.
    init(of folder: String, probe: String) {
        guard chmod(probe, 0o644) == 0 else {
            self = .fixed
            return
        }
        var status = stat()
        let group = S_ISGID | S_IWGRP
        self = stat(folder, &status) == 0 && status.st_mode & group == group ? .group : .standard
    }

    /// `nil` when permissions are not set.
    var folderMode: mode_t? {
        switch self {
        case .standard: 0o755
        case .group: 0o2775
        case .fixed: nil
        }
    }

    /// `nil` when permissions are not set.
    var fileMode: mode_t? {
        switch self {
        case .standard: 0o644
        case .group: 0o664
        case .fixed: nil
        }
    }

    /// The options of rsync. Without `--perms` some versions ignore that a change is refused. Other
    /// versions report it, and `Rsync` does not treat that as a failure for `fixed`.
    var options: [String] {
        switch self {
        case .standard: ["--perms", "--chmod=D755,F644"]
        case .group: ["--perms", "--chmod=D2775,F664"]
        case .fixed: []
        }
    }
}
