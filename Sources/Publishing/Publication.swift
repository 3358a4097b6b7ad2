import AtlasModel
import Files
import Fingerprint
import Foundation
package import Parallel
import Synchronization

/// Copies an atlas to its destination so that readers see a complete edition at any time.
///
/// Every file is replaced whole, and comes after the files that it refers to (`PublicationPlan`).
/// Files that are out of the atlas stay for one publication more, because readers may have an older
/// page open. The manifests of both sides and one listing decide what travels; until the manifest
/// at the destination is the new one, `DestinationState` says which files may have changed.
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
        /// Files that are out of the atlas and that the next publication removes.
        package var waiting = 0
        /// What a publication would change; `nil` after a real one.
        package var changes: Changes?
    }

    /// Paths, sorted.
    package struct Changes: Sendable, Equatable {
        package var new: [String] = []
        package var replaced: [String] = []
        /// Removed by this publication.
        package var removed: [String] = []
        /// Removed by a later publication.
        package var waiting: [String] = []
    }

    /// What the user asked for.
    package struct Wishes: Sendable {
        /// Changes nothing.
        package var dryRun = false
        /// Files that are out of the atlas do not stay for one publication more.
        package var removeNow = false
        /// Takes the lock of a publisher on another machine.
        package var breakLock = false

        package init() {}
    }

    /// Seconds after which files that are out of the atlas need not wait any more, although the
    /// publication that found them out was stopped: readers have left the old pages by then.
    private static let longestWait = 600

    /// Absolute path with links resolved.
    private let folder: String
    private let manifest: Manifest
    private let manifestBytes: [UInt8]
    /// `manifest.json` as a file that is sent.
    private let manifestFile: Manifest.File
    private let destination: Destination
    private let environment: [String: String]
    private let times: LockTimes

    /// Checks the atlas and the destination. Nothing is written yet.
    ///
    /// - Parameters:
    ///   - folder: the atlas, which needs a valid manifest.
    ///   - destination: a folder, which is created if it does not exist, or `host:path`.
    ///   - workingFolder: the base of relative paths.
    ///   - environment: for ssh and rsync, which are searched for on its `PATH`.
    /// - Throws: `PublishingError`: `.notAFolder`, `.missingManifest`, `.damagedManifest`,
    ///   `.refusedDestination`, `.nested`.
    package init(
        of folder: String, to destination: String, workingFolder: String,
        environment: [String: String]
    ) throws {
        try self.init(
            of: folder, to: destination, workingFolder: workingFolder, environment: environment,
            times: LockTimes())
    }

    init(
        of folder: String, to destination: String, workingFolder: String,
        environment: [String: String], times: LockTimes
    ) throws {
        (manifest, manifestBytes) = try Manifest.readWithBytes(in: folder)
        manifestFile = Manifest.File(
            path: Manifest.fileName, size: manifestBytes.count,
            digest: Fingerprint(of: manifestBytes))
        let absolute = folder.hasPrefix("/") ? folder : workingFolder + "/" + folder
        self.folder = Destination.resolved(absolute)
        self.destination = try Destination(destination, workingFolder: workingFolder)
        try self.destination.requireApart(from: self.folder)
        // The advice depends on messages of rsync and of the system, so they must be in English.
        self.environment = environment.merging(["LC_ALL": "C"]) { $1 }
        self.times = times
    }

    /// Publishes the atlas.
    ///
    /// Files that travel are compared with the manifest. Links are not checked; `geoatlas
    /// check` does that.
    /// - Parameters:
    ///   - warn: receives notes for the publisher that do not stop the work.
    ///   - progress: in files.
    /// - Throws: `PublishingError`: `.buildUnderway`, `.changedSinceBuild`, `.locked`, `.lockLost`,
    ///   `.notWritable`, `.destinationTaken`, `.copyFailed`, `.heldOpen`, `.arrivedDamaged`,
    ///   `.notConnected`, `.rsyncMissing`, `.rsyncFailed`, `.interrupted`.
    package func run(
        _ wishes: Wishes = Wishes(), workers: Workers, warn: (String) -> Void = { _ in },
        progress: @escaping ProgressReport = { _, _ in }
    ) throws -> Summary {
        if FileManager.default.fileExists(atPath: folder + "/" + Manifest.buildJournal) {
            throw PublishingError.buildUnderway(folder: folder)
        }
        if let link = manifest.linkedFolder(in: folder) {
            throw PublishingError.changedSinceBuild(
                folder: folder, count: 1, first: "\(link): It is a link, not a folder.")
        }
        return try Scratch.hold { scratch in
            try Interruption.watch(destination: destination.name) { interruption in
                let place = try open(scratch, interruption, workers)
                defer { place.close() }
                var task = PublicationTask(
                    place: place, wishes: wishes, workers: workers, progress: progress)
                if wishes.dryRun { return try preview(task, warn) }
                if try !place.exists() {
                    try requireIntact(manifest.files, workers)
                    task.isIntact = true
                    try place.make()
                }
                let ready = task
                return try hold(ready, interruption) { try publish(ready, $0, warn) }
            }
        }
    }

    private struct PublicationTask {
        let place: any Place
        let wishes: Wishes
        let workers: Workers
        let progress: ProgressReport
        /// Whether the files of the atlas have been compared with its manifest.
        var isIntact = false
    }

    private func open(
        _ scratch: String, _ interruption: Interruption, _ workers: Workers
    ) throws -> any Place {
        switch destination {
        case .folder(let path):
            return FolderPlace(root: path, workers: workers, interruption: interruption)
        case .remote(_, let path):
            let rsync = Rsync(
                program: try Rsync.find(in: environment["PATH", default: ""]),
                environment: environment, interruption: interruption, scratch: scratch,
                destination: destination.name)
            let shell = try RemoteShell(
                host: destination.sshHost ?? "", environment: environment, scratch: scratch,
                destination: destination.name, interruption: interruption)
            return RemotePlace(
                name: destination.name, address: destination.address, path: path, atlas: folder,
                shell: shell, rsync: rsync)
        }
    }

    /// Runs `body` with the lock of the destination.
    private func hold(
        _ task: PublicationTask, _ interruption: Interruption,
        _ body: (Heartbeat) throws -> Summary
    ) throws -> Summary {
        let file = task.place.lockFile
        let line = try LockAcquisition(
            file: file, times: times, breaking: task.wishes.breakLock, interruption: interruption
        ).lock()
        defer {
            do {
                _ = try file.takeAway(line)
            } catch {
                // The connection or the share is gone. The lock is found silent then.
            }
        }
        return try Heartbeat.keep(
            file, line: line, times: times, interruption: interruption, body)
    }

    /// - Throws: `PublishingError.changedSinceBuild` when files of the atlas are not as they were
    ///   built.
    private func requireIntact(_ files: [Manifest.File], _ workers: Workers) throws {
        let damage = try Manifest.damage(of: files, in: folder, workers: workers)
        if let first = damage.first {
            throw PublishingError.changedSinceBuild(
                folder: folder, count: damage.count, first: "\(first.path): \(first.reason)")
        }
    }

    private func hasItsSize(_ file: Manifest.File) -> Bool {
        var status = stat()
        return lstat(folder + "/" + file.path, &status) == 0 && Int(status.st_size) == file.size
    }

    private func plan(_ task: PublicationTask, _ warn: (String) -> Void) throws -> Planned {
        let holdings = try task.place.exists() ? task.place.holdings() : Holdings()
        if let plan = PublicationPlan(
            nothingToDo: manifest.files, manifest: manifestBytes, at: holdings)
        {
            return Planned(plan: plan, holdings: holdings, earlier: DestinationState())
        }
        let known = KnownFiles(holdings)
        for name in known.damaged {
            warn(
                "\(name) at \(destination.name) is damaged, so files that only an earlier edition "
                    + "had may stay there. \"geoatlas check\" names them.")
        }
        var plan = try PublicationPlan(
            of: manifest.files, at: holdings, known, unchanged: task.place.unchanged)
        try requireNothingInTheWay(plan, holdings, known)
        if !task.isIntact {
            let unread = plan.sends.filter {
                !task.place.comparesWhileSending || !hasItsSize($0)
            }
            try requireIntact(unread, task.workers)
        }
        plan.add(
            manifestFile, isThere: holdings.manifest == manifestBytes,
            replaces: holdings.manifest != nil)
        return Planned(plan: plan, holdings: holdings, earlier: known.state)
    }

    private struct Planned {
        let plan: PublicationPlan
        let holdings: Holdings
        let earlier: DestinationState

        /// Splits the files that are out of the atlas into those that go now, and those that wait.
        func departures(
            _ wishes: Wishes
        ) -> (due: [DestinationState.Departure], waiting: [DestinationState.Departure]) {
            func isDue(_ departure: DestinationState.Departure) -> Bool {
                wishes.removeNow || departure.settled
                    || holdings.now - departure.since >= Publication.longestWait
            }
            return (plan.leaving.filter(isDue), plan.leaving.filter { !isDue($0) })
        }
    }

    private func preview(_ task: PublicationTask, _ warn: (String) -> Void) throws -> Summary {
        let planned = try plan(task, warn)
        let (due, waiting) = planned.departures(task.wishes)
        let sends = planned.plan.sends
        let (replaced, new) = (
            sends.filter { planned.plan.replaced.contains($0.path) },
            sends.filter { !planned.plan.replaced.contains($0.path) }
        )
        return Summary(
            sent: sends.count, kept: planned.plan.kept, removed: due.count,
            bytes: sends.reduce(0) { $0 + $1.size }, waiting: waiting.count,
            changes: Changes(
                new: new.map(\.path).sorted(), replaced: replaced.map(\.path).sorted(),
                removed: due.map(\.file.path).sorted(),
                waiting: waiting.map(\.file.path).sorted()))
    }

    private func publish(
        _ task: PublicationTask, _ heartbeat: Heartbeat, _ warn: (String) -> Void
    ) throws -> Summary {
        let planned = try plan(task, warn)
        let (place, plan) = (task.place, planned.plan)
        var summary = Summary(kept: plan.kept)
        let done = Mutex(plan.kept)
        let total = manifest.files.count + 1
        let work = Sending(atlas: folder, heartbeat: heartbeat) { more in
            let count = done.withLock { done in
                done += more
                return done
            }
            task.progress(count, total)
        }
        try heartbeat.confirm()
        if !plan.remnants.isEmpty { _ = try place.remove(plan.remnants, work) }
        if !plan.sends.isEmpty {
            try place.store(
                DestinationState(
                    arriving: planned.earlier.arriving + plan.sends.filter { $0 != manifestFile },
                    leaving: plan.leaving))
        }
        for step in plan.steps {
            // The manifest says that all other files are there, so they are checked before.
            if step == [manifestFile] {
                try manifest.requireSizes(in: try place.holdings(), at: destination.name)
            }
            let (sent, bytes) = try place.send(step, work)
            try place.verify(step, work)
            summary.sent += sent
            summary.kept += step.count - sent
            summary.bytes += bytes
        }
        return try remove(planned, task, work, summary)
    }

    /// Removes the files whose time has come, and writes down those that wait.
    private func remove(
        _ planned: Planned, _ task: PublicationTask, _ work: Sending, _ summary: Summary
    ) throws -> Summary {
        var summary = summary
        let (due, waiting) = planned.departures(task.wishes)
        let gone = due.map(\.file.path) + planned.plan.abandoned
        let left = try gone.isEmpty ? [] : task.place.remove(gone, work)
        let remaining = (due.filter { left.contains($0.file.path) } + waiting).map {
            DestinationState.Departure(file: $0.file, since: $0.since, settled: true)
        }
        if planned.holdings.state != nil || !planned.plan.sends.isEmpty {
            try work.heartbeat.confirm()
            try task.place.store(DestinationState(leaving: remaining))
        }
        summary.removed = due.count - left.count
        summary.waiting = remaining.count
        return summary
    }

    /// Refuses a destination where a file that does not belong to the atlas would be overwritten.
    /// - Throws: `PublishingError.destinationTaken`, `.foreignFile`.
    private func requireNothingInTheWay(
        _ plan: PublicationPlan, _ holdings: Holdings, _ known: KnownFiles
    ) throws {
        guard known.isAtlas else {
            let paths = manifest.files.map(\.path) + [Manifest.fileName]
            if let first = paths.filter({ isInTheWay($0, holdings) }).min(by: Self.precedes) {
                throw PublishingError.destinationTaken(destination: destination.name, path: first)
            }
            return
        }
        for path in plan.sends.map(\.path).sorted(by: Self.precedes) {
            let isForeign =
                known.damaged.isEmpty && known.contents[path] == nil && holdings.has(path)
            if let first = holdings.obstacle(to: path) ?? (isForeign ? path : nil) {
                throw PublishingError.foreignFile(destination: destination.name, path: first)
            }
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Whether there is something at `path` that a file of the atlas would replace.
    private func isInTheWay(_ path: String, _ holdings: Holdings) -> Bool {
        guard case .folder(let root) = destination else { return holdings.has(path) }
        // The file server may not distinguish upper case and lower case.
        var status = stat()
        // ENOTDIR: one of its parent folders is a file.
        return lstat(root + "/" + path, &status) == 0 || errno == ENOTDIR
    }
}
