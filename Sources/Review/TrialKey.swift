package import AtlasModel
import Foundation

/// `key.json`: the model of each panel of a trial and what each comparison is for.
package struct TrialKey: Sendable, Equatable {
    package let trial: String
    /// By id of the comparison, the practice included.
    package let comparisons: [String: Sides]
    /// The compared pairs; in a trial of an older release the one pair that its comparisons name.
    package let pairs: [ReviewPlan.Pair]

    /// The models that are compared.
    package var models: Set<LikenessModel> { Set(pairs.flatMap(\.models)) }

    /// What `key.json` tells about a comparison.
    package struct Sides: Sendable, Equatable {
        package let kind: ReviewPlan.Kind
        /// `nil` for a panel of pictures of a wrong type.
        package let a: LikenessModel?
        package let b: LikenessModel?

        package init(
            kind: ReviewPlan.Kind = .normal, a: LikenessModel?, b: LikenessModel?
        ) {
            self.kind = kind
            self.a = a
            self.b = b
        }
    }

    package init(trial: String, comparisons: [String: Sides], pairs: [ReviewPlan.Pair] = []) {
        self.trial = trial
        self.comparisons = comparisons
        if pairs.isEmpty {
            // An older release: its comparisons are of one pair, whose order does not matter.
            let named = Set(comparisons.values.flatMap { [$0.a, $0.b] }.compactMap(\.self))
            self.pairs =
                named.isEmpty
                ? [] : [.init(models: named.sorted { $0.id < $1.id }, pictures: 0, identical: 0)]
        } else {
            self.pairs = pairs
        }
    }

    package init(_ plan: ReviewPlan) {
        let all = plan.comparisons + (plan.practice.map { [$0] } ?? [])
        self.init(
            trial: plan.trial,
            comparisons: Dictionary(
                uniqueKeysWithValues: all.map {
                    ($0.id, Sides(kind: $0.kind, a: $0.a.model, b: $0.b.model))
                }), pairs: plan.pairs)
    }

    /// Reads `key.json`.
    /// - Parameter models: the likeness models that the file may name. If it contains no comparison,
    ///   the first two are the compared models.
    /// - Throws: `ReviewError.noKey`, `.unreadable` or `.damaged`; the last one also for the id of
    ///   a model that is not in `models`.
    package static func read(_ path: String, models: [LikenessModel]) throws(ReviewError)
        -> TrialKey
    {
        guard FileManager.default.fileExists(atPath: path) else { throw .noKey(path: path) }
        let file: KeyFile = try ReviewJSON.decoded(path, models: models)
        try ReviewJSON.requireName(file.trial, of: "trial", in: path)
        for (id, sides) in file.comparisons.sorted(by: { $0.key < $1.key }) {
            try ReviewJSON.requireName(id, of: "comparisons", in: path)
            guard sides.a != sides.b else {
                throw .damaged(path: path, reason: "both panels of comparison \(id) have one model")
            }
        }
        let pairs = (file.pairs ?? []).map(\.pair)
        guard pairs.allSatisfy({ Set($0.models).count == 2 }) else {
            throw .damaged(path: path, reason: "\"pairs\" has one that is not of two models")
        }
        let key = TrialKey(trial: file.trial, comparisons: file.comparisons, pairs: pairs)
        guard key.pairs.isEmpty else { return key }
        let first = ReviewPlan.Pair(models: Array(models.prefix(2)), pictures: 0, identical: 0)
        return TrialKey(trial: key.trial, comparisons: key.comparisons, pairs: [first])
    }
}

/// The content of `key.json`.
struct KeyFile: Codable {
    let trial: String
    /// Missing in trials of older releases.
    let pairs: [Pair]?
    let comparisons: [String: TrialKey.Sides]

    init(_ key: TrialKey) {
        trial = key.trial
        pairs = key.pairs.map(Pair.init)
        comparisons = key.comparisons
    }

    struct Pair: Codable {
        let models: [LikenessModel]
        let pictures: Int
        let identical: Int

        init(_ pair: ReviewPlan.Pair) {
            (models, pictures, identical) = (pair.models, pair.pictures, pair.identical)
        }

        var pair: ReviewPlan.Pair {
            .init(models: models, pictures: pictures, identical: identical)
        }
    }
}

/// `{"A": "kmeans", "B": "pairwise"}`; with `"kind"` unless it is normal, with `"of"` for a comparison
/// that is shown again, and without the side that no model made.
extension TrialKey.Sides: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, of
        case a = "A"
        case b = "B"
    }

    private enum KindName: String, Codable {
        case again, attention, practice
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        switch try values.decodeIfPresent(KindName.self, forKey: .kind) {
        case nil: kind = .normal
        case .again: kind = .again(of: try values.decode(String.self, forKey: .of))
        case .attention: kind = .attention
        case .practice: kind = .practice
        }
        switch kind {
        case .normal, .again:
            a = try values.decode(LikenessModel.self, forKey: .a)
            b = try values.decode(LikenessModel.self, forKey: .b)
        case .attention, .practice:
            a = try values.decodeIfPresent(LikenessModel.self, forKey: .a)
            b = try values.decodeIfPresent(LikenessModel.self, forKey: .b)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch kind {
        case .normal: break
        case .again(let id):
            try values.encode(KindName.again, forKey: .kind)
            try values.encode(id, forKey: .of)
        case .attention: try values.encode(KindName.attention, forKey: .kind)
        case .practice: try values.encode(KindName.practice, forKey: .kind)
        }
        try values.encodeIfPresent(a, forKey: .a)
        try values.encodeIfPresent(b, forKey: .b)
    }
}
