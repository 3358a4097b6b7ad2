public import AtlasModel
import Publishing

// Results of check and publish; `--json` prints them, and docs/schema describes them.

public struct CheckResult: Codable, Sendable, Equatable {
    /// Files found in the folder, without reviewers' votes.
    public let files: Int
    /// Sorted by path.
    public let problems: [Problem]
}

public struct PublishResult: Codable, Sendable, Equatable {
    /// Files whose content was sent, `manifest.json` included.
    public let sent: Int
    /// Files that the destination had already.
    public let kept: Int
    /// Files of earlier editions that were removed.
    public let removed: Int
    /// Sizes of the sent files.
    public let bytes: Int

    init(_ summary: Publication.Summary) {
        sent = summary.sent
        kept = summary.kept
        removed = summary.removed
        bytes = summary.bytes
    }
}
