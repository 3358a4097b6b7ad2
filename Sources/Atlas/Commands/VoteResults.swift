package import AtlasModel
import Messages
import Review

package struct MergeResult: Codable, Sendable, Equatable {
    /// Number of votes in the folder after the command.
    package let votes: Int
    package let added: Int
    /// Number of votes that the folder had already.
    package let duplicates: Int
    package let rejected: [Rejection]
}

package struct CloseResult: Codable, Sendable, Equatable {
    package let trial: String
    /// The folder to which `plan.json` and `key.json` were moved.
    package let path: String
}

/// `{pairwise, kmeans, equal, neither}`, the first two being the trial's models.
extension Preferences: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: MemberName.self)
        for (model, count) in preferred {
            try values.encode(count, forKey: MemberName(model.id))
        }
        try values.encode(equal, forKey: MemberName("equal"))
        try values.encode(neither, forKey: MemberName("neither"))
    }
}

extension Rejection {
    /// `votes.jsonl, line 3: why`.
    package var sentence: String {
        line == 0 ? "\(path): \(reason)" : "\(path), line \(line): \(reason)"
    }
}
