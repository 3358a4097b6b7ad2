/// How a network is brought to learn; what suits differs between architectures.
public struct Recipe: Sendable, Equatable, Codable {
    /// Highest learning rate, reached after the warm-up.
    public var rate: Float = 3e-3
    public var weightDecay: Float = 0.01
    /// Share of the steps in which the rate rises from zero; then it falls to zero as a cosine
    /// does.
    public var warmUp = 0.1
    /// Share of the target that is spread over all classes (C. Szegedy et al., 2016).
    public var smoothing: Float = 0
    /// Most pixels by which a picture is shifted to each side, mirrored at its edges.
    public var shift = 0
    /// Steps that weigh in the averaged weights, as a share of all steps.
    public var averaging = 0.03

    public init() {}

    /// The recipe for an architecture of ours.
    public static func suited(to architecture: String) -> Recipe {
        var recipe = Recipe()
        guard architecture == "deep" else { return recipe }
        recipe.weightDecay = 0.05
        recipe.smoothing = 0.1
        recipe.shift = 2
        return recipe
    }
}

/// What a training is asked for.
public struct TrainingSettings: Sendable, Equatable, Codable {
    /// Times each training picture is shown.
    public var epochs: Int
    /// Pictures in a step.
    public var batchSize: Int
    public var seed: UInt64
    /// Graphs that share a batch; the result repeats exactly for the same number.
    public var threads: Int
    public var recipe: Recipe

    public init(
        epochs: Int, batchSize: Int, seed: UInt64, threads: Int, recipe: Recipe = Recipe()
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.seed = seed
        self.threads = threads
        self.recipe = recipe
    }

    /// What suits a collection: 5 epochs, or 16 of `deep`, in steps of 64 pictures; small
    /// collections, whose epochs have few steps, get smaller steps and more epochs, about 1,600
    /// steps in all, or 800 of `deep`, whose steps are long and go far.
    public static func suited(
        to pictures: Int, architecture: String, seed: UInt64, threads: Int
    ) -> TrainingSettings {
        let isLarge = pictures >= 8_000
        let batch = isLarge ? 64 : 16
        let steps = max(1, pictures / batch)
        let (usual, whole) = architecture == "deep" ? (16, 800) : (5, 1_600)
        return TrainingSettings(
            epochs: isLarge ? usual : min(60, max(usual, whole / steps)), batchSize: batch,
            seed: seed, threads: threads, recipe: .suited(to: architecture))
    }
}

extension TrainingSettings: CustomStringConvertible {
    /// The recipe in a sentence, as a model card tells it.
    public var description: String {
        var parts = [
            "\(epochs) epochs in steps of \(batchSize) pictures",
            "AdamW with a learning rate of \(recipe.rate), risen to in the first "
                + "\(percent(recipe.warmUp)) of the steps and falling as a cosine, "
                + "and a weight decay of \(recipe.weightDecay)",
            "each picture shown in its eight turned and mirrored forms by turns",
        ]
        if recipe.shift > 0 { parts.append("shifted by up to \(recipe.shift) pixels") }
        if recipe.smoothing > 0 { parts.append("labels smoothed by \(recipe.smoothing)") }
        if recipe.averaging > 0 {
            parts.append("weights averaged over the last \(percent(recipe.averaging)) of the steps")
        }
        return parts.joined(separator: ", ") + "; seed \(seed), \(threads) "
            + (threads == 1 ? "thread" : "threads")
    }

    private func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
