/// A training that is as long as the dev pictures gain: the learning rate stays high while the loss on the
/// dev set falls, and then falls itself.
///
/// Such a schedule gives what one with a known number of epochs gives, and its end need not be known (S. Hu
/// et al., "MiniCPM", 2024; A. Hägele et al., "Scaling laws and compute-optimal training beyond fixed
/// training durations", NeurIPS 2024).
package struct OpenLength: Sendable, Equatable, Codable {
    /// Epochs without a lower loss on the dev set after which the learning rate begins to fall.
    package var patience = 8
    /// Epochs in which the rate falls, as a share of those before.
    package var fall = 0.35

    package init() {}

    /// The number of epochs after which the learning rate falls; `nil` if that is not known yet.
    ///
    /// With a patience of 2, losses of 3, 2, 2.5 and 2.5 give 4.
    /// - Parameters:
    ///   - losses: on the dev set after each epoch so far; `nil` without dev pictures.
    ///   - most: epochs of the whole training.
    func begin(of losses: [Double?], most: Int) -> Int? {
        let last = max(1, Int(Double(most) / (1 + fall)))
        var best = (loss: Double.infinity, epoch: 0)
        for (number, loss) in losses.enumerated() {
            let epoch = number + 1
            if let loss, loss < best.loss { best = (loss, epoch) }
            let stalls = loss != nil && epoch - best.epoch >= patience
            if stalls || epoch == last { return epoch }
        }
        return nil
    }

    /// Epochs of the whole training.
    /// - Parameter begin: epochs after which the learning rate falls.
    func total(begin: Int, most: Int) -> Int {
        min(most, begin + max(1, Int((fall * Double(begin)).rounded())))
    }
}

extension TrainingSettings {
    /// Epochs of the whole training; `epochs` unless the dev pictures have ended it before.
    func length(_ history: [EpochRecord]) -> Int {
        guard let open = recipe.open, let begin = fallBegin(history) else { return epochs }
        return open.total(begin: begin, most: epochs)
    }

    private func fallBegin(_ history: [EpochRecord]) -> Int? {
        recipe.open?.begin(of: history.map(\.devLoss), most: epochs)
    }

    /// The learning rate of a step.
    /// - Parameters:
    ///   - step: from 1.
    ///   - stepsInEpoch: number of steps of an epoch.
    ///   - history: of the epochs before.
    func rate(atStep step: Int, stepsInEpoch: Int, _ history: [EpochRecord]) -> Float {
        guard recipe.open != nil else {
            return recipe.rate(atStep: step, of: stepsInEpoch * epochs)
        }
        guard let begin = fallBegin(history) else {
            // The first epoch is the warm-up.
            return recipe.rate * min(1, Float(step) / Float(stepsInEpoch))
        }
        let first = begin * stepsInEpoch
        let fall = length(history) * stepsInEpoch - first
        return recipe.rate * (1 - Float(step - first) / Float(max(1, fall)))
    }
}
