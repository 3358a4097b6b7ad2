/// AdamW: Adam (D. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015) with
/// decoupled weight decay (I. Loshchilov and F. Hutter, "Decoupled weight decay regularization",
/// ICLR 2019).
package struct Adam {
    /// The optimizer's memory of earlier steps.
    package struct State: Sendable, Equatable {
        /// Moving averages of the gradients and of their squares, one for each value.
        package var first: [Float]
        package var second: [Float]
        package var steps: Int

        package init(first: [Float], second: [Float], steps: Int) {
            self.first = first
            self.second = second
            self.steps = steps
        }
    }

    package private(set) var state: State
    private let store: ParameterStore
    private let decay: Float

    /// - Parameter state: of the training to continue; `nil` for a new one.
    package init(_ store: ParameterStore, weightDecay: Float, state: State? = nil) {
        self.store = store
        let zeros = [Float](repeating: 0, count: store.count)
        self.state = state ?? State(first: zeros, second: zeros, steps: 0)
        precondition(self.state.first.count == store.count, "a state of as many values")
        precondition(self.state.second.count == store.count, "a state of as many values")
        decay = weightDecay
    }

    /// β₁, β₂ and ε of Kingma and Ba, algorithm 1.
    private static let (beta1, beta2, epsilon): (Float, Float, Float) = (0.9, 0.999, 1e-8)
    /// After this many steps β₁ᵗ and β₂ᵗ are so small that 1 − βᵗ rounds to 1 in single precision:
    /// 0.999²⁰⁰⁰⁰ ≈ 2·10⁻⁹ < 2⁻²⁵.
    private static let stepsWithCorrection = 20_000

    /// Updates the values from the gradients: for each value v with gradient g,
    /// m ← β₁m + (1 − β₁)g, s ← β₂s + (1 − β₂)g², v ← v − rate · (m̂ / (√ŝ + ε) + decay · v), with
    /// m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) after t steps.
    ///
    /// The first step moves every value by `rate` against the sign of its gradient, apart from decay.
    package mutating func step(rate: Float) {
        let (b1, b2, epsilon) = (Self.beta1, Self.beta2, Self.epsilon)
        state.steps += 1
        var (p1, p2): (Float, Float) = (1, 1)
        for _ in 0..<min(state.steps, Self.stepsWithCorrection) {
            p1 *= b1
            p2 *= b2
        }
        let (c1, c2) = (1 / (1 - p1), 1 / (1 - p2))
        let (values, gradients, decay) = (store.values, store.gradients, decay)
        state.first.withUnsafeMutableBufferPointer { first in
            state.second.withUnsafeMutableBufferPointer { second in
                for i in 0..<store.count {
                    let gradient = gradients[i]
                    first[i] = b1 * first[i] + (1 - b1) * gradient
                    second[i] = b2 * second[i] + (1 - b2) * gradient * gradient
                    let step = first[i] * c1 / ((second[i] * c2).squareRoot() + epsilon)
                    values[i] -= rate * (step + decay * values[i])
                }
            }
        }
    }
}

/// The average of the values over the steps of a training, with exponentially falling weights for
/// older steps (after B. Polyak and A. Juditsky, "Acceleration of stochastic approximation by
/// averaging", 1992, who weigh all steps equally).
package struct MovingAverage: Sendable {
    package private(set) var values: [Float]
    package private(set) var steps: Int
    private let horizon: Double

    /// - Parameters:
    ///   - horizon: number of steps after which a value has 1/e of the weight of the newest.
    ///   - steps: number of steps that `values` already average.
    package init(_ values: [Float], horizon: Double, steps: Int = 0) {
        self.values = values
        self.horizon = max(1, horizon)
        self.steps = steps
    }

    /// In the first steps the average reaches back over 1/9 of the steps so far, so that the random
    /// initial values lose their weight quickly.
    private static let youth = 9.0

    /// Adds the current values of the store: a ← a + w · (v − a) with w = 1 / horizon, or
    /// 9 / (steps + 9) while that is more.
    ///
    /// From 0 and a first value of 1, the average is 0.9.
    package mutating func add(_ store: ParameterStore) {
        precondition(values.count == store.count, "as many values as before")
        steps += 1
        let share = Float(max(1 / horizon, Self.youth / (Double(steps) + Self.youth)))
        let current = store.values
        values.withUnsafeMutableBufferPointer { values in
            for i in values.indices { values[i] += share * (current[i] - values[i]) }
        }
    }
}
