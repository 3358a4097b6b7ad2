package import AtlasModel
import Statistics

// Results of the commands. `--json` prints them, and docs/schema describes them.

package struct SampleResult: Codable, Sendable, Equatable {
    package let images: Int
    package let path: String
}

package struct DatasetResult: Encodable, Sendable, Equatable {
    package let images: Int
    package let errata: [Erratum]
    package let train: Int
    package let dev: Int
    package let test: Int
}

package struct TrainResult: Encodable, Sendable, Equatable {
    package let architecture: String
    /// `nil` for a classifier that is not trained in epochs.
    package let epochs: Int?
    package let seconds: Double
    /// Number of training pictures.
    package let images: Int
    package let parameters: Int
    package let accuracy: Accuracy
    package let errata: [Erratum]

    /// Shares of pictures predicted as labelled; `nil` for a set without pictures.
    package struct Accuracy: Codable, Sendable, Equatable {
        package let train: Double?
        package let dev: Double?
        package let test: Double?
    }
}

package struct EvaluateResult: Encodable, Sendable, Equatable {
    package let images: Int
    package let split: String
    /// Number of these pictures whose digest the model file lists as a training picture.
    package let seenInTraining: Int
    package let accuracy: Double
    package let loss: Double
    package let classes: [String]
    /// Rows are the true class, columns the predicted class.
    package let confusion: [[Int]]
    package let perClass: [String: Score]
    package let errata: [Erratum]

    package struct Score: Codable, Sendable, Equatable {
        package let precision: Double
        package let recall: Double
        package let f1: Double
        package let support: Int

        init(_ score: ClassScore) {
            precision = score.precision
            recall = score.recall
            f1 = score.f1
            support = score.support
        }
    }
}

/// The prediction for one picture, or the reason why it was not classified.
package struct ClassifyResult: Codable, Sendable, Equatable {
    package let path: String
    package var key: String?
    /// The label that the folder gives; `nil` for an unlabelled picture.
    package var label: String?
    package var predicted: String?
    package var probabilities: [String: Float]?
    package var calibrated: [String: Float]?
    package var error: String?
}

package struct ClusterResult: Encodable, Sendable, Equatable {
    package let images: Int
    package let restarts: Int
    /// By k.
    package let inertia: [String: Double]
    package let suggested: Int
    /// The result of each restart, by k.
    package let starts: [Start]
    package let seconds: Double
    package let errata: [Erratum]

    package struct Start: Codable, Sendable, Equatable {
        package let k: Int
        package let restart: Int
        package let iterations: Int
        package let inertia: Double
    }
}

package struct BuildResult: Codable, Sendable, Equatable {
    package let images: Int
    package let pages: Int
    package let errata: [Erratum]
    /// By stage.
    package let seconds: [String: Double]
    /// Size of the atlas.
    package let bytes: Int
    /// Number of entries reused from an earlier build, by stage.
    package let reused: [String: Int]
    /// Share of test pictures predicted as labelled; `nil` without labelled test pictures.
    package let accuracy: Double?
    /// Path of the front page.
    package var path: String
    /// Number of pictures that were added, removed, replaced or relabelled since the last build.
    package let changed: Int
    /// Number of pictures that are in another set of the split than in the last build.
    package let moved: Int
    /// Number of pages that were written because they are new or have changed.
    package let rewritten: Int
    /// Numbers of published pictures from which a position was removed, and any data of cameras and
    /// programs.
    package let positionsRemoved: Int
    package let metadataRemoved: Int
    /// Seconds of the whole build.
    package let elapsed: Double

    /// The result for an output folder; without its path for `nil`.
    func at(_ output: String?) -> BuildResult {
        var result = self
        result.path = output.map { $0 + "/index.html" } ?? ""
        return result
    }

    /// The result of a build that found nothing changed but texts.
    func rewritten(_ count: Int, bytes: Int, by build: BuildContext, elapsed: Double) -> BuildResult
    {
        BuildResult(
            images: images, pages: pages, errata: errata, seconds: build.secondsByName,
            bytes: bytes, reused: build.reusedByName, accuracy: accuracy, path: path, changed: 0,
            moved: 0, rewritten: count, positionsRemoved: positionsRemoved,
            metadataRemoved: metadataRemoved, elapsed: elapsed)
    }

    /// The result of a build that found nothing to do.
    /// - Parameter reused: all results of the build that this is the result of.
    func unchanged(elapsed: Double, reused: [String: Int]) -> BuildResult {
        BuildResult(
            images: images, pages: pages, errata: errata, seconds: [:], bytes: bytes,
            reused: reused,
            accuracy: accuracy, path: path, changed: 0, moved: 0, rewritten: 0,
            positionsRemoved: positionsRemoved, metadataRemoved: metadataRemoved, elapsed: elapsed)
    }
}
