import AtlasModel
import Foundation

/// `plan.json`: the questions. It does not contain the models of the panels, nor what a comparison is
/// for.
struct PlanFile: Codable, Equatable {
    let trial: String
    /// Number of parts besides part 0; missing in trials of older releases.
    let parts: Int?
    let choices: ReviewPlan.Choices?
    let practice: Question?
    let comparisons: [Question]

    struct Question: Codable, Equatable {
        let id: String
        /// Missing for part 0.
        let part: Int?
        let candidate: String
        let a: [ReviewPlan.Target]
        let b: [ReviewPlan.Target]

        enum CodingKeys: String, CodingKey {
            case id, part, candidate
            case a = "A"
            case b = "B"
        }

        init(_ comparison: ReviewPlan.Comparison) {
            id = comparison.id
            part = comparison.part == 0 ? nil : comparison.part
            candidate = comparison.candidate
            a = comparison.a.targets
            b = comparison.b.targets
        }

        /// The comparison with the models of its sides.
        func comparison(_ sides: TrialKey.Sides) -> ReviewPlan.Comparison {
            ReviewPlan.Comparison(
                id: id, kind: sides.kind, part: part ?? 0, candidate: candidate,
                a: .init(model: sides.a, targets: a), b: .init(model: sides.b, targets: b))
        }
    }

    init(_ plan: ReviewPlan) {
        trial = plan.trial
        parts = plan.parts
        choices = plan.choices
        practice = plan.practice.map(Question.init)
        comparisons = plan.comparisons.map(Question.init)
    }

    /// Every question, the practice last.
    var questions: [Question] { comparisons + (practice.map { [$0] } ?? []) }

    /// - Throws: `ReviewError.unreadable` or `.damaged`.
    static func read(_ path: String) throws(ReviewError) -> PlanFile {
        let file: PlanFile = try ReviewJSON.decoded(path, models: [])
        try ReviewJSON.requireName(file.trial, of: "trial", in: path)
        let parts = 0...max(0, file.parts ?? 0)
        var ids: Set<String> = []
        for question in file.questions {
            try ReviewJSON.requireName(question.id, of: "id", in: path)
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
            guard parts.contains(question.part ?? 0) else {
                throw .damaged(
                    path: path,
                    reason: "there is no part \(question.part ?? 0) for comparison \(question.id)")
            }
        }
        return file
    }

    /// Label of the candidate of each comparison.
    var labels: [String: String] {
        Dictionary(
            uniqueKeysWithValues: comparisons.map { ($0.id, $0.candidate.labelOfKey) })
    }
}
