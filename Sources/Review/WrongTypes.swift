import AtlasModel

/// Questions with a right answer: the panel of a model with targets of the candidate's type, beside
/// pictures of one other type.
struct WrongTypes {
    private let images: [ImageRecord]
    /// Index of each picture by its key.
    private let index: [String: Int]
    /// Indices of the pictures by label.
    private let byLabel: [Int: [Int]]

    init(_ images: [ImageRecord]) {
        self.images = images
        index = Dictionary(
            images.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        var byLabel: [Int: [Int]] = [:]
        for (index, image) in images.enumerated() {
            if let label = image.label { byLabel[label, default: []].append(index) }
        }
        self.byLabel = byLabel
    }

    /// `question` with one of its panels replaced by pictures of a random other type; `nil` when
    /// neither panel has the candidate's type for two thirds of its targets, or when no other type
    /// has enough pictures.
    /// - Returns: the right panel first.
    func question(from question: Question, using generator: inout some RandomNumberGenerator)
        -> Question?
    {
        guard let label = images[question.candidate].label else { return nil }
        let panels = [question.first, question.second].shuffled(using: &generator)
        let right = panels.first { panel in
            let same = panel.targets.count { target in
                index[target.key].map { images[$0].label == label } ?? false
            }
            return 3 * same >= 2 * panel.targets.count
        }
        guard let right else { return nil }
        let (count, shown) = (right.targets.count, Set(right.targets.map(\.key)))
        let types = byLabel.filter { $0.key != label && $0.value.count >= 2 * count }
        guard let type = types.keys.sorted().randomElement(using: &generator) else { return nil }
        let pictures = (types[type] ?? []).filter { !shown.contains(images[$0].key) }
        let wrong = pictures.shuffled(using: &generator).prefix(count)
        return Question(
            candidate: question.candidate, first: right,
            second: ReviewPlan.Panel(
                model: nil, targets: wrong.map { .init(key: images[$0].key, rotation: 0) }))
    }
}
