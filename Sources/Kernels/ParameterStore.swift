/// What a network learns, in one block, with its gradients; and the statistics that its
/// normalisations predict with in another. Graphs of several batch sizes share one store.
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
    ///   - statistics: mean and variance of each normalisation.
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

    /// A copy of the statistics.
    public var currentStatistics: [Float] {
        Array(UnsafeBufferPointer(start: statistics, count: statisticsCount))
    }

    /// Sums the gradients of `parts` into this store's.
    public func gather(_ parts: [ParameterStore]) {
        gradients.update(repeating: 0, count: count)
        for part in parts {
            for i in 0..<count { gradients[i] += part.gradients[i] }
        }
    }

    /// Sets one trainable value.
    public func set(_ value: Float, at index: Int) {
        precondition((0..<count).contains(index))
        values[index] = value
    }
}
