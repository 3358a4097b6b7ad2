package import AtlasModel

extension ReviewPlan {
    /// Draws a new trial: candidates distributed evenly over the rock types, and for each candidate
    /// the model on side A, each with probability 1/2.
    ///
    /// A picture can be a candidate if both models return the same number of targets for it, and
    /// not the same targets. Unlabelled pictures are candidates only if no labelled picture can be
    /// one. The numbers of candidates of two rock types differ by at most one, unless one of them
    /// has no more candidates. Panels keep the order of targets of their model.
    ///
    /// - Parameters:
    ///   - neighbours: the targets by the two compared models, for each of `images`.
    ///   - images: the pictures, in key order.
    ///   - comparisons: largest number of questions.
    ///   - targets: largest number of targets on each side.
    ///   - generator: the source of randomness. The same state gives the same trial.
    /// - Returns: the trial; `nil` when there is nothing to compare.
    package static func drawn(
        from neighbours: [Neighbours], images: [ImageRecord], comparisons: Int, targets: Int,
        using generator: inout some RandomNumberGenerator
    ) -> ReviewPlan? {
        let questions = questions(neighbours, images, targets: targets)
        let chosen = spread(
            questions, over: { images[$0.candidate].label }, count: comparisons, using: &generator)
        guard !chosen.isEmpty else { return nil }
        let trial = RandomName.drawn(using: &generator)
        var used: Set<String> = []
        let drawn = chosen.map { question in
            var id = RandomName.drawn(using: &generator)
            while !used.insert(id).inserted { id = RandomName.drawn(using: &generator) }
            let swapped = Bool.random(using: &generator)
            return Comparison(
                id: id, candidate: images[question.candidate].key,
                a: swapped ? question.second : question.first,
                b: swapped ? question.first : question.second)
        }
        return ReviewPlan(trial: trial, comparisons: drawn)
    }

    /// A possible question, before its sides are drawn.
    private struct Question {
        /// Index into the pictures.
        let candidate: Int
        let first: Panel
        let second: Panel
    }

    private static func questions(
        _ neighbours: [Neighbours], _ images: [ImageRecord], targets: Int
    ) -> [Question] {
        guard neighbours.count == 2 else { return [] }
        precondition(
            neighbours.allSatisfy { $0.matches.count == images.count },
            "Neighbours have to be of these pictures, one list each.")
        func panel(_ model: Neighbours, _ index: Int) -> Panel {
            Panel(
                model: model.model,
                targets: model.matches[index].prefix(targets).map {
                    Target(key: images[$0.target].key, rotation: $0.rotation)
                })
        }
        let all = images.indices.compactMap { index -> Question? in
            let (left, right) = (panel(neighbours[0], index), panel(neighbours[1], index))
            // If only the order differs, a reviewer has nothing to choose between.
            guard !left.targets.isEmpty, left.targets.count == right.targets.count,
                Set(left.targets) != Set(right.targets)
            else { return nil }
            return Question(candidate: index, first: left, second: right)
        }
        let labelled = all.filter { images[$0.candidate].label != nil }
        return labelled.isEmpty ? all : labelled
    }

    /// At most `count` of `items` in random order, drawn from their groups in turn.
    private static func spread<Item>(
        _ items: [Item], over group: (Item) -> Int?, count: Int,
        using generator: inout some RandomNumberGenerator
    ) -> [Item] {
        var groups = Dictionary(grouping: items, by: group)
            // Sorted because dictionaries have no fixed order, and the same state must give the
            // same trial.
            .sorted { ($0.key ?? -1) < ($1.key ?? -1) }
            .map { $0.value.shuffled(using: &generator) }
        // Some groups may give one candidate more than others. Which groups do is random.
        groups.shuffle(using: &generator)
        var chosen: [Item] = []
        for turn in 0..<(groups.map(\.count).max() ?? 0) {
            for group in groups where turn < group.count && chosen.count < count {
                chosen.append(group[turn])
            }
        }
        return chosen.shuffled(using: &generator)
    }
}
