package import AtlasModel
import Foundation

/// What is known of a trial besides its votes.
package struct TrialRecord: Sendable {
    package let key: TrialKey
    /// `nil` when only the key is there.
    let plan: PlanFile?
    private let brightness: [String: Double]

    package var choices: ReviewPlan.Choices? { plan?.choices }

    init(key: TrialKey, plan: PlanFile?, brightness: [String: Double] = [:]) {
        self.key = key
        self.plan = plan
        self.brightness = brightness
    }

    /// Reads `key.json`, and `plan.json` and `pictures.json` beside it if they are there.
    /// - Throws: `ReviewError` when the key is missing, or when a file is damaged or belongs to
    ///   another trial.
    package static func read(keyPath: String, models: [LikenessModel]) throws(ReviewError)
        -> TrialRecord
    {
        let key = try TrialKey.read(keyPath, models: models)
        let folder = URL(filePath: keyPath).deletingLastPathComponent()
        let plan = folder.appending(path: "plan.json").relativePath
        guard FileManager.default.fileExists(atPath: plan) else {
            return TrialRecord(key: key, plan: nil)
        }
        let file = try PlanFile.read(plan)
        guard file.trial == key.trial else {
            throw .otherTrial(
                path: plan, trial: file.trial, other: keyPath, otherTrial: key.trial)
        }
        let pictures = ReviewFolder(folder.relativePath, models: models).pictures(of: key.trial)
        return TrialRecord(key: key, plan: file, brightness: pictures?.brightness ?? [:])
    }

    /// Label of the candidate of each comparison; `nil` without a plan.
    var labels: [String: String]? { plan?.labels }

    /// The candidate of each comparison as a number. Without a plan, comparisons shown again count as
    /// the candidate of the first one, and all others as candidates of their own.
    var candidates: [String: Int] {
        let names: [String: String]
        if let plan {
            names = Dictionary(uniqueKeysWithValues: plan.questions.map { ($0.id, $0.candidate) })
        } else {
            names = Dictionary(
                uniqueKeysWithValues: key.comparisons.map { id, sides in
                    if case .again(let first) = sides.kind { (id, first) } else { (id, id) }
                })
        }
        let index = Dictionary(
            uniqueKeysWithValues: Set(names.values).sorted().enumerated().map { ($1, $0) })
        return names.compactMapValues { index[$0] }
    }

    /// What the pictures of each comparison could explain, panel A against panel B.
    var features: [String: PanelFeatures] {
        guard let plan else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: plan.comparisons.map { question in
                (question.id, PanelFeatures(question, brightness: brightness))
            })
    }
}

/// How the pictures of two panels differ.
struct PanelFeatures: Equatable {
    /// Share of targets with the label of the candidate, A minus B.
    let sameType: Double
    /// Share of targets of A that stand in B too.
    let common: Double
    /// How much nearer A is to the candidate in mean brightness, in tenths of the range; `nil` when
    /// the brightness of a picture is unknown.
    let brightness: Double?

    init(_ question: PlanFile.Question, brightness: [String: Double]) {
        let own = question.candidate.labelOfKey
        func same(_ panel: [ReviewPlan.Target]) -> Double {
            Double(panel.count { $0.key.labelOfKey == own }) / Double(panel.count)
        }
        /// Mean distance to the candidate.
        func distance(_ panel: [ReviewPlan.Target]) -> Double? {
            guard let candidate = brightness[question.candidate] else { return nil }
            let targets = panel.compactMap { brightness[$0.key] }
            guard targets.count == panel.count else { return nil }
            return targets.reduce(0) { $0 + ($1 - candidate).magnitude } / Double(targets.count)
        }
        sameType = same(question.a) - same(question.b)
        let other = Set(question.b.map(\.key))
        common = Double(question.a.count { other.contains($0.key) }) / Double(question.a.count)
        if let a = distance(question.a), let b = distance(question.b) {
            self.brightness = (b - a) / 25.5
        } else {
            self.brightness = nil
        }
    }
}
