/// Names of files and folders that operating systems, file servers, editors and programs for
/// synchronisation leave beside the files of people.
package enum LeftBehind {
    /// What a name says.
    package enum Verdict: Sendable, Equatable {
        /// Only programs use this name, so the file is passed over.
        case certain
        /// Programs use names of this form, but a person may do so too. If the file is a picture, it is
        /// one of the collection.
        case likely
    }

    /// What the name of a file says; `nil` for a name that says nothing.
    ///
    ///     LeftBehind.verdict(file: "Thumbs.db")  // .certain
    ///     LeftBehind.verdict(file: "a.jpg~")     // .likely: the backup of an editor
    ///     LeftBehind.verdict(file: "a.jpg")      // nil
    package static func verdict(file name: some StringProtocol) -> Verdict? {
        let name = name.lowercased()
        // macOS keeps the second fork of `a.jpg` in `._a.jpg`.
        if files.contains(name) || name.hasPrefix("._") { return .certain }
        let isLikely =
            beginnings.contains(where: name.hasPrefix) || endings.contains(where: name.hasSuffix)
            || name.hasPrefix("#") && name.hasSuffix("#") && name.utf8.count > 2
        return isLikely ? .likely : nil
    }

    /// Whether only programs give this name to a folder.
    ///
    ///     LeftBehind.isLeft(folder: "@eaDir")      // true: thumbnails of a file server
    ///     LeftBehind.isLeft(folder: "thumbnails")  // false
    package static func isLeft(folder name: some StringProtocol) -> Bool {
        if name == "RECYCLER" || name == "RECYCLED" { return true }
        let name = name.lowercased()
        // Lightroom keeps previews of a catalogue in `NAME Previews.lrdata`.
        return folders.contains(name) || name.hasPrefix(".trash-") || name.hasSuffix(".lrdata")
    }

    /// The beginning of a path up to the first part that programs left behind; `nil` for a path of
    /// people.
    ///
    ///     LeftBehind.root(ofFile: "gneiss/@eaDir/p1.jpg/THUMB.jpg")  // "gneiss/@eaDir"
    ///     LeftBehind.root(ofFile: "gneiss/notes.txt~")               // "gneiss/notes.txt~"
    package static func root(ofFile path: String) -> String? {
        let parts = path.split(separator: "/")
        if let folder = parts.dropLast().firstIndex(where: { isLeft(folder: $0) }) {
            return parts[...folder].joined(separator: "/")
        }
        return parts.last.flatMap { verdict(file: $0) } == nil ? nil : path
    }

    /// The name of the file that a placeholder of iCloud stands for: the file itself has not been
    /// downloaded. `nil` for other names.
    ///
    ///     LeftBehind.placeheld(by: ".a.jpg.icloud")  // "a.jpg"
    package static func placeheld(by name: some StringProtocol) -> String? {
        let ending = ".icloud"
        guard name.hasPrefix("."), name.lowercased().hasSuffix(ending) else { return nil }
        let inner = name.dropFirst().dropLast(ending.count)
        return inner.isEmpty ? nil : String(inner)
    }

    /// Folders, in lower case.
    private static let folders: Set<String> = [
        // File servers: Synology, QNAP, Netatalk, Samba.
        "@eadir", "#recycle", "#snapshot", "@tmp", "@sharebin", "@syno", "@recycle",
        "@recently-snapshot", ".@__thumb", ".@upload_cache", ".appledouble", ".appledb",
        ".appledesktop", "network trash folder", ".streams", ".@backup_qbox", ".@station_config",
        // File servers that show earlier states of a folder.
        ".zfs", ".snapshot", "~snapshot", ".snapshots",
        // macOS.
        "__macosx", ".spotlight-v100", ".fseventsd", ".temporaryitems", ".trashes", ".trash",
        ".documentrevisions-v100", ".mobilebackups", ".pkinstallsandboxmanager",
        // Windows.
        "$recycle.bin", "system volume information", "$winreagent",
        // Linux.
        "lost+found", ".thumbnails", ".xvpics", ".dtrash",
        // Programs for synchronisation.
        ".stfolder", ".stversions", ".sync", ".dropbox.cache", ".tmp.drivedownload",
        ".tmp.driveupload", ".seafile-data", ".resilio-sync", ".~tmp~",
        // Version control and editors.
        ".git", ".svn", ".hg", ".bzr", ".idea", ".vscode", ".vs", ".ipynb_checkpoints",
        "__pycache__",
    ]

    /// Files, in lower case.
    private static let files: Set<String> = [
        // File servers and macOS. `Icon` with a carriage return is the icon of a folder; some
        // servers write U+F00D for it.
        ".ds_store", ".metadata_never_index", ".com.apple.timemachine.donotpresent", ".localized",
        ".apdisk", ".volumeicon.icns", "icon\r", "icon\u{F00D}",
        ".@__qini", ".stfolder", ".trash", ".trashes",
        // Windows.
        "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "folder.htt",
        "zbthumbnail.info",
        // Linux.
        ".directory", ".hidden",
        // Programs for synchronisation.
        "sync.ffs_db", ".sync.ffs_db", "sync.ffs_lock", "seafile-ignore.txt", ".csync_journal.db",
        // OneDrive marks its folder with this file.
        ".849c9593-d756-4e56-8d6e-42412f2a707b", ".stignore", ".syncignore", ".dropbox",
        ".dropbox.attr", ".nextcloudsync.log",
        ".owncloudsync.log",
        // Version control, editors, and programs for photographs.
        ".git", ".gitignore", ".gitattributes", ".gitkeep", ".gitmodules", ".editorconfig",
        "picasa.ini", ".picasa.ini", ".nomedia", "pspbrwse.jbf", ".bridgesort", ".bridgecache",
        ".bridgecachet", ".bridgelabelsandratings", "digikam4.db", "thumbnails-digikam.db",
        "recognition.db", "similarity.db", "descript.ion",
    ]

    /// Beginnings of files, in lower case: lock files of Office and LibreOffice,
    /// databases of programs for synchronisation, files that a network file system keeps while they
    /// are open.
    private static let beginnings = [
        "~$", ".~lock.", ".sync_", ".syncthing.", "~syncthing~", ".com.apple.",
        ".nfs0", ".fuse_hidden", ".smbdelete", ".#",
    ]

    /// Ends of files, in lower case: backups of editors, copies that are not complete, and streams of
    /// a file, which copying to another system makes files of.
    private static let endings = [
        "~", ".tmp", ".temp", ".bak", ".bkp", ".old", ".orig", ".swp", ".swo", ".swx", ".part",
        ".partial", ".filepart", ".crdownload", ".download", ".autosave", ".rej",
        ":encryptable", ":zone.identifier", ":afp_afpinfo", ":afp_resource",
        ":com.dropbox.attributes", ":com.dropbox.attrs", ":mac_metadata", "@synoeastream",
        "@synoresource", ".ffs_tmp", ".ffs_db", ".ffs_lock",
        // What programs for photographs note beside a picture: Adobe and darktable, RawTherapee, DxO,
        // Capture One, ON1, Nikon, Apple; and catalogues of Lightroom.
        ".xmp", ".pp3", ".dop", ".cos", ".cop", ".cof", ".on1", ".nksc", ".aae", ".lrcat",
        ".lrcat-shm", ".lrcat-wal", ".lrcat-data",
    ]
}

/// How many files and folders were passed over, and some of their names.
package struct PassedOver: Sendable, Equatable {
    package private(set) var count = 0
    private var names: Set<String> = []

    package init() {}

    /// - Parameter path: of a file or folder, which counts once with all that it contains.
    package mutating func add(_ path: String) {
        count += 1
        names.insert(path.split(separator: "/").last.map(String.init) ?? path)
    }

    /// `rocks: 3 files or folders that programs left there were passed over (@eaDir, Thumbs.db).`
    /// - Parameter place: where they are.
    /// - Returns: `nil` when nothing was passed over.
    package func note(in place: String) -> String? {
        guard count > 0 else { return nil }
        let shown =
            names.sorted().prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
        let what = count == 1 ? "1 file or folder" : "\(count) files or folders"
        return
            "\(place): \(what) that programs left there \(count == 1 ? "was" : "were") passed over "
            + "(\(shown))."
    }
}
