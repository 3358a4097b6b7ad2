public import AtlasModel
import Publishing

// What check and publish answer; `--json` prints these, and docs/schema describes them.

public struct CheckResult: Codable, Sendable, Equatable {
    /// Files found in the folder, reviewers' votes left out.
    public let files: Int
    /// Sorted by path.
    public let problems: [Problem]
}

public struct PublishResult: Codable, Sendable, Equatable {
    /// Files whose content was sent, `manifest.json` included.
    public let sent: Int
    /// Files that were there already.
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
