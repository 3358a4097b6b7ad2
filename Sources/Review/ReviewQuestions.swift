import AtlasModel
import Foundation

/// A possible question, before its sides are drawn.
struct Question {
    /// Index into the pictures.
    let candidate: Int
    let first: ReviewPlan.Panel
    let second: ReviewPlan.Panel
    /// Number of targets of the first panel that the second one has not.
    let differing: Int

    init(candidate: Int, first: ReviewPlan.Panel, second: ReviewPlan.Panel) {
        self.candidate = candidate
        self.first = first
        self.second = second
        differing = Set(first.targets).subtracting(second.targets).count
    }

    /// The possible questions of two models.
    /// - Returns: also the number of pictures with panels of equal length, and of those with equal
    ///   targets.
    static func all(
        of compared: [Neighbours], _ images: [ImageRecord], targets: Int, excluded: Set<String>
    ) -> (questions: [Question], pictures: Int, identical: Int) {
        func panel(_ model: Neighbours, _ index: Int) -> ReviewPlan.Panel {
            ReviewPlan.Panel(
                model: model.model,
                targets: model.matches[index].prefix(targets).map {
                    ReviewPlan.Target(key: images[$0.target].key, rotation: $0.rotation)
                })
        }
        var (pictures, identical) = (0, 0)
        let all = images.indices.compactMap { index -> Question? in
            let question = Question(
                candidate: index, first: panel(compared[0], index),
                second: panel(compared[1], index))
            guard !question.first.targets.isEmpty,
                question.first.targets.count == question.second.targets.count
            else { return nil }
            pictures += 1
            // If only the order differs, a reviewer has nothing to choose between.
            guard question.differing > 0 else {
                identical += 1
                return nil
            }
            return excluded.contains(images[index].key) ? nil : question
        }
        let labelled = all.filter { images[$0.candidate].label != nil }
        return (labelled.isEmpty ? all : labelled, pictures, identical)
    }

    /// At most `count` questions, drawn from their groups in turn; within a group, one whose panels
    /// differ in twice as many targets is twice as probable to be the next.
    ///
    /// The first ones of the result are spread over the groups like all of them.
    static func spread(
        _ questions: [Question], over group: (Question) -> Int?, count: Int,
        using generator: inout some RandomNumberGenerator
    ) -> [Question] {
        var groups = Dictionary(grouping: questions, by: group)
            // Sorted because dictionaries have no fixed order, and the same state must give the
            // same trial.
            .sorted { ($0.key ?? -1) < ($1.key ?? -1) }
            .map { weighted($0.value, using: &generator) }
        // Some groups may give one candidate more than others. Which groups do is random.
        groups.shuffle(using: &generator)
        var chosen: [Question] = []
        for turn in 0..<(groups.map(\.count).max() ?? 0) {
            for group in groups where turn < group.count && chosen.count < count {
                chosen.append(group[turn])
            }
        }
        return chosen
    }

    /// A random order in which the next one is drawn in proportion to `differing`: P. S. Efraimidis
    /// and P. G. Spirakis, "Weighted random sampling with a reservoir", Information Processing
    /// Letters 97 (2006): by falling ln(u) / weight, u uniform.
    private static func weighted(
        _ questions: [Question], using generator: inout some RandomNumberGenerator
    ) -> [Question] {
        questions
            .map { question in
                let u = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator)
                return (question: question, key: log(u) / Double(question.differing))
            }
            .sorted { ($1.key, $0.question.candidate) < ($0.key, $1.question.candidate) }
            .map(\.question)
    }
}
