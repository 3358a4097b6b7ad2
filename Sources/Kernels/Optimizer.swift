/// Adam (D. Kingma and J. Ba, 2015) with decoupled weight decay (I. Loshchilov and F. Hutter,
/// 2019).
public struct Adam {
    /// What the optimizer remembers of the steps before.
    public struct State: Sendable, Equatable {
        /// Moving averages of the gradients and of their squares, one for each value.
        public var first: [Float]
        public var second: [Float]
        public var steps: Int

        public init(first: [Float], second: [Float], steps: Int) {
            self.first = first
            self.second = second
            self.steps = steps
        }
    }

    public private(set) var state: State
    private let store: ParameterStore
    private let decay: Float

    /// - Parameter state: of an optimizer to continue; `nil` to begin.
    public init(_ store: ParameterStore, weightDecay: Float, state: State? = nil) {
        self.store = store
        let zeros = [Float](repeating: 0, count: store.count)
        self.state = state ?? State(first: zeros, second: zeros, steps: 0)
        precondition(self.state.first.count == store.count, "a state of as many values")
        precondition(self.state.second.count == store.count, "a state of as many values")
        decay = weightDecay
    }

    /// Moves the values against the gradients.
    public mutating func step(rate: Float) {
        // β₁, β₂ and ε as in the paper.
        let (b1, b2, epsilon): (Float, Float, Float) = (0.9, 0.999, 1e-8)
        state.steps += 1
        var (p1, p2): (Float, Float) = (1, 1)
        // Behind so many steps the powers are zero in single precision.
        for _ in 0..<min(state.steps, 20_000) {
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

/// Values averaged over the steps of a training, the recent ones most (B. Polyak and A. Juditsky,
/// 1992; with exponential weights as is usual for networks).
public struct MovingAverage: Sendable {
    public private(set) var values: [Float]
    public private(set) var steps: Int
    private let horizon: Double

    /// - Parameters:
    ///   - horizon: steps after which a value weighs 1/e of the newest.
    ///   - steps: that `values` average already.
    public init(_ values: [Float], horizon: Double, steps: Int = 0) {
        self.values = values
        self.horizon = max(1, horizon)
        self.steps = steps
    }

    /// Takes in the values of the store.
    public mutating func add(_ store: ParameterStore) {
        precondition(values.count == store.count, "as many values as before")
        steps += 1
        // Young averages reach back over a ninth of their age, lest the random start weighs in.
        let share = Float(max(1 / horizon, 9 / (Double(steps) + 9)))
        let current = store.values
        values.withUnsafeMutableBufferPointer { values in
            for i in values.indices { values[i] += share * (current[i] - values[i]) }
        }
    }
}
