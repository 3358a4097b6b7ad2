package import AtlasModel
import Statistics

// Results of `similar` and `neighbours`. Their members are named after the models, so that a new
// model needs no new field here.

/// The targets of one candidate by each model, or the reason why there are none:
///
///     {"candidate": "gneiss/gn-0001", "pairwise": {"matches": […]}}
package struct SimilarResult: Sendable, Equatable {
    package let candidate: String
    /// By id of the model; empty when there was an error.
    package var targets: [String: Targets] = [:]
    package var error: String?
    /// Whether the candidate is one even grey, which has no correlation with any other picture: its
    /// distance to all but equal pictures is 1, so the order of its targets means nothing.
    var isEven = false

    package init(candidate: String, error: String? = nil) {
        self.candidate = candidate
        self.error = error
    }

    package struct Targets: Codable, Sendable, Equatable {
        /// The candidate's cluster, counted from 0, for a model that searches within clusters.
        package var cluster: Int?
        /// Number of clusters, for a model that searches within clusters.
        package var k: Int?
        /// Best first.
        package let matches: [Found]
    }

    package struct Found: Codable, Sendable, Equatable {
        package let key: String
        package let distance: Double
        package let score: Double
        package let rotation: Int
        /// Why it belongs together with the candidate; `nil` if it does not.
        package var kind: PairKind?
    }

    /// The targets in the order of `models`; models that were not queried are left out. Of an even
    /// candidate, a model that correlates lists equal pictures only.
    package func panels(_ models: [LikenessModel]) -> [(model: LikenessModel, targets: Targets)] {
        models.compactMap { model in
            targets[model.id].map { found in
                guard isEven, model.view.measure == .correlation else { return (model, found) }
                let equal = found.matches.filter { $0.distance == 0 }
                return (model, Targets(cluster: found.cluster, k: found.k, matches: equal))
            }
        }
    }
}

extension SimilarResult: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: MemberName.self)
        try members.encode(candidate, forKey: MemberName("candidate"))
        try members.encodeIfPresent(error, forKey: MemberName("error"))
        for (model, targets) in targets { try members.encode(targets, forKey: MemberName(model)) }
    }
}

package struct NeighboursResult: Encodable, Sendable, Equatable {
    package let images: Int
    package let n: Int
    package let seconds: Seconds
    /// `nil` when no labelled picture is in the test set.
    package let sameType: SameTypeResult?
    package let errata: [Erratum]

    package struct Seconds: Sendable, Equatable {
        package let decode: Double
        /// By id of the model: the time of what only this model needs, such as the fit of K-Means.
        /// Models of one view share a pass over the pictures. Its time is given for the model that
        /// searches the whole collection.
        package let models: [String: Double]
    }
}

extension NeighboursResult.Seconds: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: MemberName.self)
        try members.encode(decode, forKey: MemberName("decode"))
        for (model, time) in models { try members.encode(time, forKey: MemberName(model)) }
    }
}

/// How many of the first `n` targets of test pictures that do not belong to their group share their
/// type.
package struct SameTypeResult: Codable, Sendable, Equatable {
    package let n: Int
    /// Number of labelled test pictures.
    package let queries: Int
    /// By id of the model.
    package let models: [String: Rates]

    package struct Rates: Codable, Sendable, Equatable {
        package let all: Rate
        /// As `all`, with targets of the candidate's own group.
        package let withGroups: Rate
        package let byType: [String: Rate]
    }

    package struct Rate: Codable, Sendable, Equatable {
        /// `nil` when no picture got a labelled target.
        package let share: Double?
        /// Lower and upper end of the 95 % interval.
        package let interval: [Double]
        package let queries: Int
        package let targets: Int

        init(_ rate: SameTypeRate) {
            share = rate.share
            interval = [rate.interval.lowerBound, rate.interval.upperBound]
            queries = rate.queries
            targets = rate.targets.total
        }
    }
}
