/// The part of the training settings that depends on the architecture.
package struct Recipe: Sendable, Equatable, Codable {
    /// The highest learning rate, reached after the warm-up.
    package var rate: Float = 3e-3
    package var weightDecay: Float = 0.01
    /// Share of the steps in which the rate rises linearly from zero; then it falls to zero along a
    /// cosine.
    package var warmUp = 0.1
    /// Label smoothing: the share of the target that is spread over all classes (C. Szegedy et al.,
    /// "Rethinking the Inception architecture for computer vision", CVPR 2016).
    package var smoothing: Float = 0
    /// The largest number of pixels by which a picture is shifted to each side, mirrored at its edges.
    package var shift = 0
    /// The horizon of the averaged weights, as a share of all steps.
    package var averaging = 0.03
    /// How crops are drawn; `nil` for networks that see whole pictures.
    package var crops: CropRecipe?
    /// Ends the training by the dev pictures; `nil` for a known number of epochs.
    package var open: OpenLength?

    package init() {}

    /// The recipe for an architecture: for `deep` and `grain` more regularisation, else the default
    /// values.
    package static func suited(to architecture: Architecture) -> Recipe {
        var recipe = Recipe()
        switch architecture.name {
        case "deep":
            recipe.weightDecay = 0.05
            recipe.smoothing = 0.1
            recipe.shift = 2
        case Architecture.grain:
            recipe.weightDecay = 0.05
            recipe.smoothing = 0.1
            if architecture.seesCrops { recipe.crops = CropRecipe() } else { recipe.shift = 2 }
        default: break
        }
        return recipe
    }
}

/// How crops are drawn in a training.
package struct CropRecipe: Sendable, Equatable, Codable {
    /// The side of the smallest crop as a share of the shorter side of the picture.
    package var smallest: Float = 0.7
    /// The largest change of the light: values are multiplied by up to this more or less, and moved by
    /// half as much.
    package var light: Float = 0.15
    /// The largest change of a colour beside the light.
    package var tint: Float = 0.05

    package init() {}
}

/// The settings of a training.
package struct TrainingSettings: Sendable, Equatable, Codable {
    /// How often each training picture is presented; the most of a training that its dev pictures end.
    package var epochs: Int
    /// Pictures in a step.
    package var batchSize: Int
    package var seed: UInt64
    /// Number of threads. The result repeats exactly only for the same number, except for networks that
    /// see crops; 0 in their files.
    package var threads: Int
    package var recipe: Recipe

    package init(
        epochs: Int, batchSize: Int, seed: UInt64, threads: Int, recipe: Recipe = Recipe()
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.seed = seed
        self.threads = threads
        self.recipe = recipe
    }

    /// Settings that suit a number of training pictures.
    ///
    /// From 8,000 pictures on: 5 epochs, or 16 for `deep`, with batches of 64. Smaller collections have
    /// few batches in an epoch. They get batches of 16 and more epochs, up to 60, for about 1,600 steps
    /// in total, or 800 for `deep`, which needs fewer steps. For 800 pictures and `conv2l` that is 50
    /// steps in an epoch and 32 epochs. `grain` gets 60 epochs, if its dev pictures do not end the training.
    package static func suited(
        to pictures: Int, architecture: Architecture, seed: UInt64, threads: Int
    ) -> TrainingSettings {
        if architecture.name == Architecture.grain {
            return TrainingSettings(
                epochs: 60, batchSize: 16, seed: seed, threads: threads,
                recipe: .suited(to: architecture))
        }
        let isLarge = pictures >= 8_000
        let batch = isLarge ? 64 : 16
        let stepsInEpoch = max(1, pictures / batch)
        let (fewestEpochs, steps) = architecture.name == "deep" ? (16, 800) : (5, 1_600)
        return TrainingSettings(
            epochs: isLarge ? fewestEpochs : min(60, max(fewestEpochs, steps / stepsInEpoch)),
            batchSize: batch,
            seed: seed, threads: threads, recipe: .suited(to: architecture))
    }
}

extension TrainingSettings {
    /// What the result of a training depends on: without the number of threads if that does not matter.
    package func repeated(by architecture: Architecture) -> TrainingSettings {
        var settings = self
        if architecture.seesCrops { settings.threads = 0 }
        return settings
    }

    /// The settings in a sentence for readers, without seed and threads.
    package var recipeDescription: String {
        var parts = [
            recipe.open == nil
                ? "\(epochs) epochs in steps of \(batchSize) pictures"
                : "at most \(epochs) epochs in steps of \(batchSize) pictures",
            recipe.open.map { open in
                "AdamW with a learning rate that rises to \(recipe.rate) in the first epoch, stays "
                    + "while the dev loss falls, and falls in a line to zero when it has not for \(open.patience) epochs"
            }
                ?? "AdamW with a learning rate that rises to \(recipe.rate) in the first "
                + "\(percent(recipe.warmUp)) of the steps and then falls along a cosine",
            "a weight decay of \(recipe.weightDecay)",
            "each picture presented in its eight turned and mirrored forms in turn",
        ]
        if let crops = recipe.crops {
            parts += [
                "in crops with \(percent(Double(crops.smallest))) to all of the shorter side",
                "light and colours changed by up to \(percent(Double(crops.light)))",
            ]
        }
        if recipe.shift > 0 { parts.append("shifted by up to \(recipe.shift) pixels") }
        if recipe.smoothing > 0 { parts.append("labels smoothed by \(recipe.smoothing)") }
        if recipe.averaging > 0 {
            parts.append("weights averaged over the last \(percent(recipe.averaging)) of the steps")
        }
        return parts.joined(separator: ", ")
    }

    private func percent(_ share: Double) -> String {
        let tenths = Int((share * 1_000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}
