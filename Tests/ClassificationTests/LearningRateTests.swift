import Testing

@testable import Classification

@Suite("The learning rate during a training")
struct LearningRateTests {
    /// η = η₀ · s / w in the warm-up of w steps, then η₀ / 2 · (1 + cos(π · (s − w) / (S − w))), the
    /// formula of Loshchilov and Hutter (2017); cosines of 60, 90, 120 and 180 degrees.
    @Test(
        "It rises in a line, then falls as half a cosine to zero",
        arguments: [(1, 0.1), (5, 0.5), (10, 1), (40, 0.75), (55, 0.5), (70, 0.25), (100, 0)]
            as [(Int, Float)])
    func formula(step: Int, share: Float) {
        var recipe = Recipe()
        recipe.warmUp = 0.1
        recipe.rate = 0.02
        #expect(abs(recipe.rate(atStep: step, of: 100) - 0.02 * share) < 1e-8)
    }

    @Test("Without a warm-up the first step has the whole rate, and one step alone has it too")
    func short() {
        var recipe = Recipe()
        recipe.warmUp = 0
        recipe.rate = 0.5
        #expect(recipe.rate(atStep: 1, of: 1) == 0.5)
        #expect(recipe.rate(atStep: 1, of: 3) == 0.5)
        #expect(recipe.rate(atStep: 2, of: 3) == 0.25)
    }

    /// The formula gives the rate 0 for the second of two steps, so that step changes no weight.
    /// Two epochs of one step each therefore give the weights of one epoch.
    @Test("A training follows the schedule")
    func followed() throws {
        func weights(epochs: Int) throws -> [Float] {
            var settings = TrainingSettings(epochs: epochs, batchSize: 40, seed: 5, threads: 1)
            settings.recipe.averaging = 0
            return try Network.trained(
                #require(Architecture.named("conv1l", classes: 2)),
                on: TrainingData(
                    classes: ["striped", "plain"], training: striped(40, seed: 1),
                    dev: striped(0, seed: 2), digests: []),
                settings: settings
            ).network.values
        }
        #expect(try weights(epochs: 2) == weights(epochs: 1))
        #expect(try weights(epochs: 3) != weights(epochs: 1))
    }
}
