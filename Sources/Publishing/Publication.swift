import AtlasModel
import Files
import Foundation
package import Parallel

/// Copies an atlas to its destination so that readers see a complete edition at any time.
///
/// Files are copied before the pages that refer to them: first pictures, scripts, styles and data,
/// then all pages at once, then `index.html`, then the manifest. Files that only the earlier
/// edition had are removed after that. Until the end, a list at the destination
/// (`Leftover.underway`) names the files that an interrupted publication may have left, so that the
/// next one can remove them.
package struct Publication: Sendable {
    /// The result of a publication.
    package struct Summary: Sendable, Equatable {
        /// Files whose content was sent, `manifest.json` included.
        package var sent = 0
        /// Files that the destination had already, with the same content.
        package var kept = 0
        /// Files of earlier editions that were removed.
        package var removed = 0
        /// Total size of the sent files.
        package var bytes = 0
    }

    /// Absolute path with links resolved.
    private let folder: String
    private let manifest: Manifest
    private let destination: Destination
    private let program: String
    private let environment: [String: String]

    /// Checks the atlas and the destination. Nothing is written yet.
    ///
    /// - Parameters:
    ///   - folder: the atlas, which needs a valid manifest.
    ///   - destination: a folder, which is created if it does not exist, or an address for rsync.
    ///   - workingFolder: the base of relative paths.
    ///   - environment: for rsync, which is searched for on its `PATH`.
    /// - Throws: `PublishingError`: `.notAFolder`, `.missingManifest`, `.damagedManifest`,
    ///   `.refusedDestination`, `.nested`, `.rsyncMissing`.
    package init(
        of folder: String, to destination: String, workingFolder: String,
        environment: [String: String]
    ) throws {
        manifest = try Manifest.read(in: folder)
        let absolute = folder.hasPrefix("/") ? folder : workingFolder + "/" + folder
        self.folder = Destination.resolved(absolute)
        self.destination = try Destination(destination, workingFolder: workingFolder)
        try self.destination.requireApart(from: self.folder)
        program = try Rsync.find(in: environment["PATH", default: ""])
        // The advice depends on messages of rsync and of the system, so they must be in English.
        self.environment = environment.merging(["LC_ALL": "C"]) { $1 }
    }

    /// Publishes the atlas.
    ///
    /// First compares the files of the atlas with the manifest. It does not check links; `geoatlas
    /// check` does that.
    /// - Parameters:
    ///   - warn: receives notes for the publisher that do not stop the work.
    ///   - progress: in files.
    /// - Throws: `PublishingError`: `.buildUnderway`, `.changedSinceBuild`, `.locked`, `.notWritable`,
    ///   `.destinationTaken`, `.rsyncFailed`, `.interrupted`.
    package func run(
        workers: Workers, warn: (String) -> Void = { _ in },
        progress: ProgressReport = { _, _ in }
    ) throws -> Summary {
        if FileManager.default.fileExists(atPath: folder + "/" + Manifest.buildJournal) {
            throw PublishingError.buildUnderway(folder: folder)
        }
        let damage = try manifest.damage(in: folder, workers: workers)
        if let first = damage.first {
            throw PublishingError.changedSinceBuild(
                folder: folder, count: damage.count, first: "\(first.path): \(first.reason)")
        }
        try destination.make()
        return try Scratch.hold { scratch in
            try Interruption.watch { interruption in
                let rsync = Rsync(
                    program: program, environment: environment.map { "\($0.key)=\($0.value)" },
                    interruption: interruption, scratch: scratch, destination: destination.name)
                guard case .folder(let path) = destination else {
                    try rsync.makeFolder(destination.address)
                    return try publish(rsync, warn, progress)
                }
                return try PublishingLock.hold(on: path) { lock in
                    var rsync = rsync
                    rsync.permissions = DestinationPermissions(of: path, probe: lock)
                    return try publish(rsync, warn, progress)
                }
            }
        }
    }

    private func publish(
        _ rsync: Rsync, _ warn: (String) -> Void, _ progress: ProgressReport
    ) throws -> Summary {
        let target = destination.address
        let known = try earlierFiles(rsync, warn)
        if known == nil { try requireNothingInTheWay(rsync) }
        let earlier = known ?? []
        try announce(earlier, rsync)

        var summary = Summary()
        for step in steps(after: Set(earlier.map(\.path))) {
            try rsync.send(step.paths, from: folder + "/", to: target, atOnce: step.atOnce) {
                if $0.fate == .sent {
                    summary.sent += 1
                    summary.bytes += $0.bytes
                } else {
                    summary.kept += 1
                }
                progress(summary.sent + summary.kept, manifest.files.count + 1)
            }
        }
        let current = Set(manifest.files.map(\.path))
        let gone = earlier.map(\.path).filter { !current.contains($0) && !liesBehindLink($0) }
        try rsync.remove(gone + [Leftover.underway], from: target) {
            if $0.path != Leftover.underway { summary.removed += 1 }
        }
        return summary
    }

    /// The files to send, step by step. Each file comes after the files that it refers to, so that
    /// a reader can follow all links during the copy. New pages come before the pages that link to
    /// them.
    /// - Parameter earlier: paths that the destination already has.
    private func steps(after earlier: Set<String>) -> [(paths: [String], atOnce: Bool)] {
        let paths = manifest.files.map(\.path)
        let pages = paths.filter { $0.hasSuffix(".html") && $0 != Self.frontPage }
        return [
            (paths.filter { !$0.hasSuffix(".html") }, false),
            (pages.filter { !earlier.contains($0) }, true),
            (pages.filter { earlier.contains($0) }, true),
            (paths.filter { $0 == Self.frontPage }, false),
            ([Manifest.fileName], false),
        ]
    }

    private static let frontPage = "index.html"

    /// Files at the destination that belong to earlier editions, complete or not; `nil` when no
    /// edition was ever published there.
    private func earlierFiles(
        _ rsync: Rsync, _ warn: (String) -> Void
    ) throws -> [Manifest.File]? {
        let names = [Manifest.fileName, Leftover.underway]
        let fetched = try Scratch.folder("fetched", in: rsync.scratch)
        try rsync.fetch(names, from: destination.address, to: fetched + "/")
        var files: [String: Manifest.File] = [:]
        var isAtlas = false
        for name in names {
            // Web applications use a file named manifest.json too.
            guard
                case .content(let bytes) = try reading({ () throws(FileError) in
                    try RegularFile.read(fetched + "/" + name)
                }),
                AtlasMark.isManifest(bytes) || AtlasMark.manifestBeginning.starts(with: bytes)
            else { continue }
            isAtlas = true
            do {
                let known = try Manifest(bytes, path: name)
                files.merge(known.files.map { ($0.path, $0) }) { $1 }
            } catch {
                warn(
                    "\(name) at \(destination.name) is damaged, so files that only an earlier "
                        + "edition had stay there. \"geoatlas check\" names them.")
            }
        }
        return isAtlas ? Array(files.values) : nil
    }

    /// Refuses a destination where a file that does not belong to the atlas would be overwritten.
    /// - Throws: `PublishingError.destinationTaken`.
    private func requireNothingInTheWay(_ rsync: Rsync) throws {
        let paths = manifest.files.map(\.path) + [Manifest.fileName]
        let taken =
            switch destination {
            case .folder(let root): paths.filter { isInTheWay(root + "/" + $0) }
            case .remote: try rsync.existing(paths, at: destination.address)
            }
        let first = taken.min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if let first {
            throw PublishingError.destinationTaken(destination: destination.name, path: first)
        }
    }

    /// Whether there is something at `path` that a file of the atlas would replace.
    private func isInTheWay(_ path: String) -> Bool {
        var status = stat()
        // ENOTDIR: one of its parent folders is a file.
        return lstat(path, &status) == 0 || errno == ENOTDIR
    }

    /// Writes the list of all files that may be at the destination before this publication is
    /// complete.
    private func announce(_ earlier: [Manifest.File], _ rsync: Rsync) throws {
        let current = Dictionary(uniqueKeysWithValues: manifest.files.map { ($0.path, $0) })
        let all = try Manifest(
            manifest.files + earlier.filter { current[$0.path] == nil })
        let folder = try Scratch.folder("announced", in: rsync.scratch)
        try Scratch.write(all.bytes(), to: folder + "/" + Leftover.underway)
        try rsync.send([Leftover.underway], from: folder + "/", to: destination.address)
    }

    /// Whether a parent folder of `path` at a local destination is a link. The files behind it do
    /// not belong to the atlas.
    private func liesBehindLink(_ path: String) -> Bool {
        guard case .folder(let root) = destination else { return false }
        let folder = ([Substring(root)] + path.split(separator: "/").dropLast())
            .joined(separator: "/")
        return Destination.resolved(folder) != folder
    }
}
