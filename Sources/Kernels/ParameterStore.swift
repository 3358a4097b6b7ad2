/// The trainable values of a network with their gradients, and the statistics of its normalisations.
/// Graphs of several batch sizes share one store.
package final class ParameterStore {
    /// Number of trainable values.
    package let count: Int
    /// Number of statistics.
    package let statisticsCount: Int
    let values: UnsafeMutablePointer<Float>
    let gradients: UnsafeMutablePointer<Float>
    let statistics: UnsafeMutablePointer<Float>
    /// The store that owns the values; `nil` if this one does.
    private let original: ParameterStore?

    /// - Parameters:
    ///   - values: trainable values, layer by layer in Keras' layouts: kernels `(h, w, in, out)`.
    ///   - statistics: mean and variance of each normalisation.
    package init(values: [Float], statistics: [Float]) {
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

    /// A store that reads the same values but has its own gradients and statistics, so that several
    /// graphs can be trained on one batch in parallel.
    package init(sharing original: ParameterStore) {
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
    package var currentValues: [Float] {
        Array(UnsafeBufferPointer(start: values, count: count))
    }

    /// A copy of the gradients of the last backward pass.
    package var currentGradients: [Float] {
        Array(UnsafeBufferPointer(start: gradients, count: count))
    }

    /// A copy of the statistics.
    package var currentStatistics: [Float] {
        Array(UnsafeBufferPointer(start: statistics, count: statisticsCount))
    }

    /// Sets the gradients of this store to the sums of those of `parts`, added in their order.
    package func gather(_ parts: [ParameterStore]) {
        gradients.update(repeating: 0, count: count)
        for part in parts {
            for i in 0..<count { gradients[i] += part.gradients[i] }
        }
    }

    /// Sets one trainable value.
    package func set(_ value: Float, at index: Int) {
        precondition((0..<count).contains(index))
        values[index] = value
    }
}
