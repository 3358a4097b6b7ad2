package import AtlasModel
import Files
import Foundation

/// `plan.json`: the questions. It does not contain the models of the panels.
struct PlanFile: Codable, Equatable {
    let trial: String
    let comparisons: [Question]

    struct Question: Codable, Equatable {
        let id: String
        let candidate: String
        let a: [ReviewPlan.Target]
        let b: [ReviewPlan.Target]

        enum CodingKeys: String, CodingKey {
            case id, candidate
            case a = "A"
            case b = "B"
        }
    }

    init(_ plan: ReviewPlan) {
        trial = plan.trial
        comparisons = plan.comparisons.map {
            Question(id: $0.id, candidate: $0.candidate, a: $0.a.targets, b: $0.b.targets)
        }
    }

    /// - Throws: `ReviewError.unreadable` or `.damaged`.
    static func read(_ path: String) throws(ReviewError) -> PlanFile {
        let file: PlanFile = try decoded(path, models: [])
        try requireName(file.trial, of: "trial", in: path)
        var ids: Set<String> = []
        for question in file.comparisons {
            try requireName(question.id, of: "id", in: path)
            guard ids.insert(question.id).inserted else {
                throw .damaged(
                    path: path, reason: "the comparison \(question.id) stands there twice")
            }
            guard !question.a.isEmpty, question.a.count == question.b.count,
                (question.a + question.b).allSatisfy({ [0, 90, 180, 270].contains($0.rotation) })
            else {
                throw .damaged(
                    path: path,
                    reason:
                        "the panels of comparison \(question.id) are empty, of different length, "
                        + "or turned by something else than 0, 90, 180 or 270 degrees")
            }
        }
        return file
    }

    /// Label of the candidate of each comparison.
    var labels: [String: String] {
        Dictionary(
            uniqueKeysWithValues: comparisons.map { question in
                (question.id, String(question.candidate.prefix { $0 != "/" }))
            })
    }
}

/// `key.json`: the model of each panel of a trial, and nothing else.
package struct TrialKey: Sendable, Equatable {
    package let trial: String
    /// By id of the comparison.
    package let comparisons: [String: Sides]
    /// The models that are compared.
    package let models: Set<LikenessModel>

    package struct Sides: Codable, Sendable, Equatable {
        package let a: LikenessModel
        package let b: LikenessModel

        enum CodingKeys: String, CodingKey {
            case a = "A"
            case b = "B"
        }

        package init(a: LikenessModel, b: LikenessModel) {
            self.a = a
            self.b = b
        }
    }

    /// - Parameter models: the compared models if there is no comparison.
    package init(trial: String, comparisons: [String: Sides], models: [LikenessModel] = []) {
        self.trial = trial
        self.comparisons = comparisons
        let named = Set(comparisons.values.flatMap { [$0.a, $0.b] })
        self.models = named.isEmpty ? Set(models) : named
    }

    package init(_ plan: ReviewPlan) {
        self.init(
            trial: plan.trial,
            comparisons: Dictionary(
                uniqueKeysWithValues: plan.comparisons.map {
                    ($0.id, Sides(a: $0.a.model, b: $0.b.model))
                }))
    }

    /// Reads `key.json`.
    /// - Parameter models: the likeness models that the file may name. If it contains no
    ///   comparison, the first two are the compared models.
    /// - Throws: `ReviewError.noKey`, `.unreadable` or `.damaged`; the last one also for the id of
    ///   a model that is not in `models`.
    package static func read(_ path: String, models: [LikenessModel]) throws(ReviewError)
        -> TrialKey
    {
        guard FileManager.default.fileExists(atPath: path) else { throw .noKey(path: path) }
        let key: KeyFile = try decoded(path, models: models)
        try requireName(key.trial, of: "trial", in: path)
        for (id, sides) in key.comparisons.sorted(by: { $0.key < $1.key }) {
            try requireName(id, of: "comparisons", in: path)
            guard sides.a != sides.b else {
                throw .damaged(path: path, reason: "both panels of comparison \(id) have one model")
            }
        }
        return TrialKey(
            trial: key.trial, comparisons: key.comparisons, models: Array(models.prefix(2)))
    }
}

/// The content of `key.json`.
struct KeyFile: Codable {
    let trial: String
    let comparisons: [String: TrialKey.Sides]

    init(_ key: TrialKey) {
        trial = key.trial
        comparisons = key.comparisons
    }
}

/// - Parameter models: the likeness models that the file may name.
private func decoded<File: Decodable>(_ path: String, models: [LikenessModel])
    throws(ReviewError) -> File
{
    let data: Data
    do {
        data = try Data(contentsOf: URL(filePath: path))
    } catch {
        throw .unreadable(path: path, reason: systemReason(of: error))
    }
    let decoder = JSONDecoder()
    decoder.userInfo[.likenessModels] = models
    do {
        return try decoder.decode(File.self, from: data)
    } catch let error as DecodingError {
        throw .damaged(path: path, reason: "\(JSONFault(error))")
    } catch {
        throw .damaged(path: path, reason: "\(error)")
    }
}

private func requireName(_ text: String, of key: String, in path: String) throws(ReviewError) {
    guard RandomName.isWellFormed(text) else {
        throw .damaged(
            path: path, reason: "\"\(text)\" in \"\(key)\" is not 16 hexadecimal digits")
    }
}
