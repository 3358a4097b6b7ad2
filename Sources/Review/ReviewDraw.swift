package import AtlasModel

extension ReviewPlan {
    /// Draws a new trial.
    ///
    /// A picture can be a candidate for a pair of models if both return the same number of targets
    /// for it, and not the same targets. Unlabelled pictures are candidates only if no labelled
    /// picture can be one. The numbers of candidates of two rock types differ by at most one in each
    /// pair, unless one type has no more candidates. Within a type, a candidate is the more probable
    /// the more its panels differ. A picture is asked about once, unless the pairs need it twice.
    /// Panels keep the order of targets of their model. On which side a model stands is decided by a
    /// fair coin.
    ///
    /// - Parameters:
    ///   - neighbours: the targets by the compared models, for each of `images`.
    ///   - images: the pictures, in key order.
    ///   - generator: the source of randomness. The same state gives the same trial.
    /// - Returns: the trial; `nil` when there is nothing to compare.
    package static func drawn(
        from neighbours: [Neighbours], images: [ImageRecord], design: TrialDesign,
        using generator: inout some RandomNumberGenerator
    ) -> ReviewPlan? {
        precondition(
            neighbours.allSatisfy { $0.matches.count == images.count },
            "Neighbours have to be of these pictures, one list each.")
        var draft = TrialDraft(images: images, design: design)
        for (index, models) in design.pairs.enumerated() {
            let compared = models.compactMap { model in neighbours.first { $0.model == model } }
            guard compared.count == 2 else { continue }
            draft.ask(compared, turn: index, using: &generator)
        }
        guard !draft.isEmpty else { return nil }
        draft.askAgain(using: &generator)
        draft.testAttention(using: &generator)
        return draft.plan(using: &generator)
    }
}

/// A trial while it is drawn.
struct TrialDraft {
    let images: [ImageRecord]
    let design: TrialDesign
    private var asked: [Draft] = []
    private var practice: Draft?
    private var pairs: [ReviewPlan.Pair] = []
    /// Indices of the candidates so far.
    private var candidates: Set<Int> = []
    /// Questions that could be asked, from which attention is tested.
    private var others: [Question] = []
    private var parts = 0

    /// A comparison without its name; the side of its panels is drawn.
    struct Draft {
        let question: Question
        let part: Int
        let kind: Kind
        /// Whether the first panel is on side B.
        let isSwapped: Bool

        enum Kind: Equatable {
            case normal, attention, practice
            /// Index of the comparison that is shown again.
            case again(of: Int)
        }
    }

    init(images: [ImageRecord], design: TrialDesign) {
        self.images = images
        self.design = design
    }

    var isEmpty: Bool { asked.isEmpty }

    /// Adds the comparisons of a pair of models.
    /// - Parameter turn: index of the pair.
    mutating func ask(
        _ compared: [Neighbours], turn: Int, using generator: inout some RandomNumberGenerator
    ) {
        let found = Question.all(
            of: compared, images, targets: design.targets, excluded: design.excluded)
        pairs.append(
            ReviewPlan.Pair(
                models: compared.map(\.model), pictures: found.pictures, identical: found.identical)
        )
        let fresh = found.questions.filter { !candidates.contains($0.candidate) }
        let count = design.pairs.count
        // 10 comparisons of three pairs are 4, 3 and 3.
        let each = (design.comparisons + count - 1 - turn) / count
        let questions = fresh.count >= each ? fresh : found.questions
        let sizes = PartSizes(
            available: questions.count, each: each,
            shared: TrialDesign.part(design.shared, of: each), parts: design.reviewers
        ).sizes
        let chosen = Question.spread(
            questions, over: { images[$0.candidate].label }, count: sizes.reduce(0, +),
            using: &generator)
        var rest = chosen[...]
        for (part, size) in sizes.enumerated() {
            for question in rest.prefix(size) {
                asked.append(
                    Draft(
                        question: question, part: part, kind: .normal,
                        isSwapped: Bool.random(using: &generator)))
            }
            rest = rest.dropFirst(size)
        }
        candidates.formUnion(chosen.map(\.candidate))
        others += found.questions
        parts = max(parts, sizes.count - 1)
    }

    /// Adds a tenth of the comparisons of each part once more, with their sides swapped.
    mutating func askAgain(using generator: inout some RandomNumberGenerator) {
        for part in 0...parts {
            let own = asked.indices.filter { asked[$0].part == part }.shuffled(using: &generator)
            for index in own.prefix(TrialDesign.part(TrialDesign.again, of: own.count)) {
                let original = asked[index]
                asked.append(
                    Draft(
                        question: original.question, part: part, kind: .again(of: index),
                        isSwapped: !original.isSwapped))
            }
        }
    }

    /// Adds a twentieth of what a reviewer gets, with pictures of a wrong type in one panel, and the
    /// practice.
    mutating func testAttention(using generator: inout some RandomNumberGenerator) {
        let normal = asked.filter { $0.kind == .normal }
        let each = normal.count { $0.part == 0 } + normal.count { $0.part == 1 }
        let wanted = TrialDesign.part(TrialDesign.attention, of: each)
        let inAll = parts == 0 ? wanted : TrialDesign.part(design.shared, of: wanted)
        let places =
            Array(repeating: 0, count: inAll)
            + (0..<parts).flatMap { Array(repeating: $0 + 1, count: wanted - inAll) }
        let wrong = WrongTypes(images)
        var questions: [Question] = []
        var used: Set<Int> = []
        // Only where pictures are few is one taken that is asked about.
        let unasked = others.filter { !candidates.contains($0.candidate) }
        for other in unasked.shuffled(using: &generator) + others.shuffled(using: &generator) {
            guard questions.count <= places.count else { break }
            guard !used.contains(other.candidate),
                let question = wrong.question(from: other, using: &generator)
            else { continue }
            used.insert(other.candidate)
            questions.append(question)
        }
        guard let first = questions.first else { return }
        practice = Draft(
            question: first, part: 0, kind: .practice, isSwapped: Bool.random(using: &generator))
        for (part, question) in zip(places, questions.dropFirst()) {
            asked.append(
                Draft(
                    question: question, part: part, kind: .attention,
                    isSwapped: Bool.random(using: &generator)))
        }
    }

    /// Names the comparisons and mixes them.
    func plan(using generator: inout some RandomNumberGenerator) -> ReviewPlan {
        let trial = RandomName.drawn(using: &generator)
        var used: Set<String> = []
        func name(_ generator: inout some RandomNumberGenerator) -> String {
            var id = RandomName.drawn(using: &generator)
            while !used.insert(id).inserted { id = RandomName.drawn(using: &generator) }
            return id
        }
        let names = asked.map { _ in name(&generator) }
        let comparisons = zip(asked, names).map { draft, id in
            draft.comparison(id, names: names, images)
        }
        return ReviewPlan(
            trial: trial, comparisons: comparisons.shuffled(using: &generator),
            practice: practice.map { $0.comparison(name(&generator), names: names, images) },
            parts: parts, pairs: pairs, choices: design.choices)
    }
}

extension TrialDraft.Draft {
    /// - Parameter names: of all comparisons that the draft may repeat.
    fileprivate func comparison(_ id: String, names: [String], _ images: [ImageRecord])
        -> ReviewPlan.Comparison
    {
        let kind: ReviewPlan.Kind =
            switch self.kind {
            case .normal: .normal
            case .attention: .attention
            case .practice: .practice
            case .again(let index): .again(of: names[index])
            }
        return ReviewPlan.Comparison(
            id: id, kind: kind, part: part, candidate: images[question.candidate].key,
            a: isSwapped ? question.second : question.first,
            b: isSwapped ? question.first : question.second)
    }
}
