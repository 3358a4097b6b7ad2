public import AtlasModel
import Statistics

// What `similar` and `neighbours` answer. Their members are named after the models that were asked,
// so that a new model needs no new field here.

/// The targets of one candidate by each model, or why there are none:
///
///     {"candidate": "gneiss/gn-0001", "pairwise": {"matches": […]}}
public struct SimilarResult: Sendable, Equatable {
    public let candidate: String
    /// By id of the model; empty with an error.
    public var targets: [String: Targets] = [:]
    public var error: String?

    public init(candidate: String, error: String? = nil) {
        self.candidate = candidate
        self.error = error
    }

    public struct Targets: Codable, Sendable, Equatable {
        /// The candidate's cluster, counted from 0, for a model that looks within clusters.
        public var cluster: Int?
        /// How many clusters there are, likewise.
        public var k: Int?
        /// Best first.
        public let matches: [Found]
    }

    public struct Found: Codable, Sendable, Equatable {
        public let key: String
        public let distance: Double
        public let score: Double
        public let rotation: Int
    }

    /// The targets in the order of `models`; models that were not asked are left out.
    public func panels(_ models: [LikenessModel]) -> [(model: LikenessModel, targets: Targets)] {
        models.compactMap { model in targets[model.id].map { (model, $0) } }
    }
}

extension SimilarResult: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: MemberName.self)
        try members.encode(candidate, forKey: MemberName("candidate"))
        try members.encodeIfPresent(error, forKey: MemberName("error"))
        for (model, targets) in targets { try members.encode(targets, forKey: MemberName(model)) }
    }
}

public struct NeighboursResult: Encodable, Sendable, Equatable {
    public let images: Int
    public let n: Int
    public let seconds: Seconds
    /// `nil` when no labelled picture lies in the test set.
    public let sameType: SameTypeResult?
    public let errata: [Erratum]

    public struct Seconds: Sendable, Equatable {
        public let decode: Double
        /// By id of the model: the time of what it alone needs, such as the fit of K-Means. Models
        /// of one view share a pass over the pictures, whose time is told for the one that looks in
        /// the whole collection.
        public let models: [String: Double]
    }
}

extension NeighboursResult.Seconds: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: MemberName.self)
        try members.encode(decode, forKey: MemberName("decode"))
        for (model, time) in models { try members.encode(time, forKey: MemberName(model)) }
    }
}

/// How many of the first `n` targets of test pictures share their type.
public struct SameTypeResult: Codable, Sendable, Equatable {
    public let n: Int
    /// Labelled test pictures asked about.
    public let queries: Int
    /// By id of the model.
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
