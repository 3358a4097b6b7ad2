/// What a network learns, in one block, with its gradients; and the running statistics of its
/// normalisations in another. Graphs of several batch sizes share one store.
public final class ParameterStore {
    /// Trainable values.
    public let count: Int
    public let statisticsCount: Int
    let values: UnsafeMutablePointer<Float>
    let gradients: UnsafeMutablePointer<Float>
    let statistics: UnsafeMutablePointer<Float>
    /// The store whose values these are; `nil` for one with values of its own.
    private let original: ParameterStore?

    /// - Parameters:
    ///   - values: trainable values, layer by layer in Keras' layouts: kernels `(h, w, in, out)`.
    ///   - statistics: running mean and variance of each normalisation.
    public init(values: [Float], statistics: [Float]) {
        count = values.count
        statisticsCount = statistics.count
        self.values = .allocate(capacity: max(1, values.count))
        gradients = .allocate(capacity: max(1, values.count))
        self.statistics = .allocate(capacity: max(1, statistics.count))
        self.values.initialize(from: values, count: values.count)
        gradients.initialize(repeating: 0, count: values.count)
        self.statistics.initialize(from: statistics, count: statistics.count)
        original = nil
    }

    /// A store that reads the same values and has gradients and statistics of its own, so that
    /// several graphs can learn from one batch side by side.
    public init(sharing original: ParameterStore) {
        count = original.count
        statisticsCount = original.statisticsCount
        values = original.values
        gradients = .allocate(capacity: max(1, count))
        gradients.initialize(repeating: 0, count: count)
        statistics = .allocate(capacity: max(1, statisticsCount))
        statistics.initialize(from: original.statistics, count: statisticsCount)
        self.original = original
    }

    deinit {
        if original == nil { values.deallocate() }
        gradients.deallocate()
        statistics.deallocate()
    }

    /// A copy of the trainable values.
    public var currentValues: [Float] {
        Array(UnsafeBufferPointer(start: values, count: count))
    }

    /// A copy of the gradients of the last backward pass.
    public var currentGradients: [Float] {
        Array(UnsafeBufferPointer(start: gradients, count: count))
    }

    /// A copy of the running statistics.
    public var currentStatistics: [Float] {
        Array(UnsafeBufferPointer(start: statistics, count: statisticsCount))
    }

    /// Takes over the running statistics of the store whose values these are.
    public func takeStatistics() {
        guard let original else { return }
        statistics.update(from: original.statistics, count: statisticsCount)
    }

    /// Sums the gradients of `parts` into this store's, and sets its running statistics to their
    /// mean.
    public func gather(_ parts: [ParameterStore]) {
        gradients.update(repeating: 0, count: count)
        for part in parts {
            for i in 0..<count { gradients[i] += part.gradients[i] }
        }
        let share = 1 / Float(parts.count)
        for i in 0..<statisticsCount {
            var sum: Float = 0
            for part in parts { sum += part.statistics[i] }
            statistics[i] = sum * share
        }
    }

    /// Sets one trainable value.
    public func set(_ value: Float, at index: Int) {
        precondition((0..<count).contains(index))
        values[index] = value
    }
}

/// Adam (D. Kingma and J. Ba, 2015) with decoupled weight decay (I. Loshchilov and F. Hutter, 2019).
public struct Adam {
    private let store: ParameterStore
    private var first: [Float]
    private var second: [Float]
    private var steps = 0
    private let decay: Float

    public init(_ store: ParameterStore, weightDecay: Float) {
        self.store = store
        first = [Float](repeating: 0, count: store.count)
        second = first
        decay = weightDecay
    }

    /// Moves the values against the gradients.
    public mutating func step(rate: Float) {
        // β₁, β₂ and ε as in the paper.
        let (b1, b2, epsilon): (Float, Float, Float) = (0.9, 0.999, 1e-8)
        steps += 1
        var (p1, p2): (Float, Float) = (1, 1)
        for _ in 0..<min(steps, 20_000) {
            p1 *= b1
            p2 *= b2
        }
        let (c1, c2) = (1 / (1 - p1), 1 / (1 - p2))
        let (values, gradients) = (store.values, store.gradients)
        first.withUnsafeMutableBufferPointer { first in
            second.withUnsafeMutableBufferPointer { second in
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
