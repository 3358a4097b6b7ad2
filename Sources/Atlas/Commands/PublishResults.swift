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

    init(_ summary: Publication.Summary) {
        sent = summary.sent
        kept = summary.kept
        removed = summary.removed
        bytes = summary.bytes
    }
}
