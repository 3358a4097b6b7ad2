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

/// The targets of one candidate, or why there are none.
public struct SimilarResult: Codable, Sendable, Equatable {
    public let candidate: String
    public var kmeans: InCluster?
    public var pairwise: Anywhere?
    public var embedding: Anywhere?
    public var error: String?

    public struct InCluster: Codable, Sendable, Equatable {
        public let cluster: Int
        public let k: Int
        public let matches: [Found]
    }

    public struct Anywhere: Codable, Sendable, Equatable {
        public let matches: [Found]
    }

    public struct Found: Codable, Sendable, Equatable {
        public let key: String
        public let distance: Double
        public let score: Double
        public let rotation: Int
    }

    /// The targets by model, those of models that were not asked left out.
    public var panels: [(model: LikenessModel, matches: [Found])] {
        let all: [(LikenessModel, [Found]?)] = [
            (.kmeans, kmeans?.matches), (.pairwise, pairwise?.matches),
            (.embedding, embedding?.matches),
        ]
        return all.compactMap { model, matches in matches.map { (model, $0) } }
    }
}

public struct NeighboursResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let n: Int
    public let seconds: Seconds
    /// `nil` when no labelled picture lies in the test part.
    public let sameType: SameTypeResult?
    public let errata: [Erratum]

    /// K-Means and Pairwise share one pass over the pictures, so `pairwise` is the time of both and
    /// `kmeans` that of fitting; `embedding` is that of the features and of comparing them.
    public struct Seconds: Codable, Sendable, Equatable {
        public let decode: Double
        public let kmeans: Double
        public let pairwise: Double
        public let embedding: Double?
    }
}

/// How many of the first `n` targets of test pictures share their type.
public struct SameTypeResult: Codable, Sendable, Equatable {
    public let n: Int
    /// Labelled test pictures asked about.
    public let queries: Int
    /// By model.
    public let models: [String: Rates]

    public struct Rates: Codable, Sendable, Equatable {
        public let all: Rate
        public let byType: [String: Rate]
    }

    public struct Rate: Codable, Sendable, Equatable {
        /// `nil` when no picture got a labelled target.
        public let share: Double?
        /// Lower and upper end of the 95 % interval.
        public let interval: [Double]
        public let queries: Int
        public let targets: Int

        init(_ rate: SameTypeRate) {
            share = rate.share
            interval = [rate.interval.lowerBound, rate.interval.upperBound]
            queries = rate.queries
            targets = rate.targets
        }
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
