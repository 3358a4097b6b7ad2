package import AtlasModel
import Publishing

// Results of `check` and `publish`. `--json` prints them, and docs/schema describes them.

package struct CheckResult: Codable, Sendable, Equatable {
    /// Files found in the folder, without reviewers' votes.
    package let files: Int
    /// Sorted by path.
    package let problems: [Problem]
}

package struct PublishResult: Codable, Sendable, Equatable {
    /// Files whose content was sent, `manifest.json` included.
    package let sent: Int
    /// Files that the destination had already, with the same content.
    package let kept: Int
    /// Files of earlier editions that were removed.
    package let removed: Int
    /// Total size of the sent files.
    package let bytes: Int
    /// Files that are out of the atlas and that the next publication removes.
    package let waiting: Int
    /// With `--dry-run`: what publishing would change.
    package let changes: Changes?

    /// Paths, sorted.
    package struct Changes: Codable, Sendable, Equatable {
        package let new: [String]
        package let replaced: [String]
        package let removed: [String]
        package let waiting: [String]
    }

    init(_ summary: Publication.Summary) {
        sent = summary.sent
        kept = summary.kept
        removed = summary.removed
        bytes = summary.bytes
        waiting = summary.waiting
        changes = summary.changes.map {
            Changes(
                new: $0.new, replaced: $0.replaced, removed: $0.removed, waiting: $0.waiting)
        }
    }
}

/// What the user of `publish` asked for.
package struct PublishWishes: Sendable {
    let value: Publication.Wishes

    /// - Parameters:
    ///   - dryRun: change nothing.
    ///   - removeNow: remove files that are out of the atlas at once.
    ///   - breakLock: take the lock of a publisher on another machine.
    package init(dryRun: Bool = false, removeNow: Bool = false, breakLock: Bool = false) {
        var value = Publication.Wishes()
        value.dryRun = dryRun
        value.removeNow = removeNow
        value.breakLock = breakLock
        self.value = value
    }
}
