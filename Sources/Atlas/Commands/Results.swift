public import AtlasModel
import Statistics

// What the commands answer; `--json` prints these, and docs/schema describes them.

public struct SampleResult: Codable, Sendable, Equatable {
    public let images: Int
    public let path: String
}

public struct DatasetResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let errata: [Erratum]
    public let train: Int
    public let dev: Int
    public let test: Int
}

public struct TrainResult: Encodable, Sendable, Equatable {
    public let architecture: String
    public let epochs: Int
    public let seconds: Double
    /// Pictures learned from.
    public let images: Int
    public let parameters: Int
    public let accuracy: Accuracy
    public let errata: [Erratum]

    /// Shares of pictures predicted as labelled; `nil` for a part without pictures.
    public struct Accuracy: Codable, Sendable, Equatable {
        public let train: Double?
        public let dev: Double?
        public let test: Double?
    }
}

public struct EvaluateResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let split: String
    /// Pictures among them whose digest the model file lists as learned from.
    public let seenInTraining: Int
    public let accuracy: Double
    public let loss: Double
    public let classes: [String]
    /// Rows are the true class, columns the predicted one.
    public let confusion: [[Int]]
    public let perClass: [String: Score]
    public let errata: [Erratum]

    public struct Score: Codable, Sendable, Equatable {
        public let precision: Double
        public let recall: Double
        public let f1: Double
        public let support: Int

        init(_ score: ClassScore) {
            precision = score.precision
            recall = score.recall
            f1 = score.f1
            support = score.support
        }
    }
}

/// One picture that was classified, or why it was not.
public struct ClassifyResult: Codable, Sendable, Equatable {
    public let path: String
    public var key: String?
    /// The class that the folder says; `nil` for an unlabelled picture.
    public var label: String?
    public var predicted: String?
    public var probabilities: [String: Float]?
    public var calibrated: [String: Float]?
    public var error: String?
}

public struct ClusterResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let restarts: Int
    /// By k.
    public let inertia: [String: Double]
    public let suggested: Int
    /// How each start ended, by k.
    public let starts: [Start]
    public let seconds: Double
    public let errata: [Erratum]

    public struct Start: Codable, Sendable, Equatable {
        public let k: Int
        public let restart: Int
        public let iterations: Int
        public let inertia: Double
    }
}

public struct BuildResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let pages: Int
    public let errata: [Erratum]
    /// By stage.
    public let seconds: [String: Double]
    /// Size of the atlas.
    public let bytes: Int
    /// Entries taken over from an earlier build, by stage.
    public let reused: [String: Int]
    /// Share of test pictures predicted as labelled; `nil` when there are none.
    public let accuracy: Double?
    /// The front page.
    public let path: String
}
