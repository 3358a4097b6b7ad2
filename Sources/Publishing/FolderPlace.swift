import AtlasModel
import Files
import Fingerprint
import Foundation
import Parallel
import Synchronization

/// A destination on this machine, or mounted here. Its files are copied without another program.
struct FolderPlace: Place {
    /// Absolute path, links resolved.
    let root: String
    let workers: Workers
    let interruption: Interruption
    var patience = Patience()
    /// Distinguishes the unfinished files of this publication from those of others.
    private let mark = String(
        (0..<6).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "x" })

    init(root: String, workers: Workers, interruption: Interruption) {
        self.root = root
        self.workers = workers
        self.interruption = interruption
    }

    var lockFile: LockFile { FolderLock.file(in: root) }

    var comparesWhileSending: Bool { true }

    func exists() throws -> Bool { Folders.contain(root) }

    func make() throws { try Destination.folder(root).make() }

    func close() {}

    func holdings() throws -> Holdings {
        var holdings = Holdings()
        guard Folders.contain(root) else { return holdings }
        holdings.manifest = try content(Manifest.fileName)
        holdings.state = try content(Leftover.state)
        try DestinationListing.read(root, into: &holdings, workers: workers)
        // The lock has just been made, so it has the time of the clock of the file server.
        var status = stat()
        holdings.now =
            stat(root + "/" + Leftover.lock, &status) == 0
            ? Int(status.st_mtim.tv_sec) : Int(time(nil))
        return holdings
    }

    private func content(_ name: String) throws -> [UInt8]? {
        let file = try reading { () throws(FileError) in try RegularFile.read(root + "/" + name) }
        guard case .content(let bytes) = file else { return nil }
        return bytes
    }

    func unchanged(_ files: [Manifest.File]) throws -> Set<String> {
        let same = try workers.map(files.count, chunk: 16) { index in
            files[index].objection(in: root) == nil
        }
        return Set(zip(files, same).filter(\.1).map(\.0.path))
    }

    func store(_ state: DestinationState) throws {
        let path = root + "/" + Leftover.state
        guard !state.isEmpty else {
            guard unlink(path) == 0 || errno == ENOENT else {
                throw PublishingError.copyFailed(path: path, number: errno)
            }
            return
        }
        try replace(Leftover.state, by: state.bytes(), DestinationPermissions(of: root))
    }

    func send(_ files: [Manifest.File], _ work: Sending) throws -> (sent: Int, bytes: Int) {
        let permissions = DestinationPermissions(of: root)
        try makeFolders(of: files, permissions)
        try workers.forEachRange(of: files.count, chunk: 4) { range in
            for file in files[range] {
                try work.heartbeat.confirm()
                try replace(
                    file.path, by: try file.content(in: work.atlas), permissions)
            }
            work.progress(range.count)
        }
        return (files.count, files.reduce(0) { $0 + $1.size })
    }

    /// Creates the folders of these files, outer ones first.
    private func makeFolders(of files: [Manifest.File], _ permissions: DestinationPermissions)
        throws
    {
        var known: Set<Substring> = []
        for file in files {
            var end = file.path.startIndex
            while let slash = file.path[end...].firstIndex(of: "/") {
                let folder = file.path[..<slash]
                end = file.path.index(after: slash)
                guard known.insert(folder).inserted else { continue }
                let path = root + "/" + folder
                if mkdir(path, 0o755) == 0 {
                    if let mode = permissions.folderMode { chmod(path, mode) }
                    continue
                }
                var status = stat()
                let number = errno
                guard number == EEXIST, lstat(path, &status) == 0,
                    status.st_mode & S_IFMT == S_IFDIR
                else { throw PublishingError.copyFailed(path: path, number: number) }
            }
        }
    }

    /// Writes a file under another name, reads it back, and renames it.
    private func replace(
        _ path: String, by bytes: [UInt8], _ permissions: DestinationPermissions
    ) throws {
        let target = root + "/" + path
        let partial = root + "/" + Leftover.partial(of: path, mark: mark)
        do {
            try NewFile.make(partial, bytes)
        } catch {
            throw PublishingError.copyFailed(path: target, number: error.number)
        }
        do {
            // The umask may have removed permissions.
            if let mode = permissions.fileMode { chmod(partial, mode) }
            let back = try reading { () throws(FileError) in try RegularFile.read(partial) }
            guard back == .content(bytes) else {
                throw PublishingError.arrivedDamaged(
                    destination: root, path: path, reason: "it was read back with another content")
            }
            let number = try patience.insist(
                { rename(partial, target) == 0 ? 0 : refusal(target) }, pause: interruption.pause)
            guard number == 0 else { throw failure(target, number) }
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// The error of a rename or removal just now. If the folder of the file is closed to this user,
    /// waiting does not help.
    private func refusal(_ path: String) -> Int32 {
        let number = errno
        let closed = access(Paths.parent(of: path), W_OK | X_OK) != 0
        return closed && number == EPERM || closed && number == EACCES ? EROFS : number
    }

    private func failure(_ path: String, _ number: Int32) -> PublishingError {
        if number == EROFS { return .copyFailed(path: path, number: EACCES) }
        return Patience.mayPass(number)
            ? .heldOpen(path: path, reason: systemReason(number))
            : .copyFailed(path: path, number: number)
    }

    /// Every file was read back before it got its name.
    func verify(_ sent: [Manifest.File], _ work: Sending) throws {}

    func remove(_ paths: [String], _ work: Sending) throws -> Set<String> {
        var left: Set<String> = []
        for path in paths {
            try work.heartbeat.confirm()
            let target = root + "/" + path
            // Whoever holds a file open has had the time since it went out of the atlas.
            if unlink(target) != 0, errno != ENOENT { left.insert(path) }
        }
        for folder in Self.parents(of: paths) { rmdir(root + "/" + folder) }
        return left
    }

    /// The folders of these files, inner ones first.
    static func parents(of paths: [String]) -> [String] {
        var found: Set<String> = []
        for path in paths {
            var parent = path[...]
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                guard found.insert(String(parent)).inserted else { break }
            }
        }
        return found.sorted { $0.utf8.count > $1.utf8.count }
    }
}
