import Kernels
import Testing

/// Gradients against central differences of the loss, which needs no knowledge of the layers.
@Suite struct GradientTests {
    /// The parameters of the small network below, in its order.
    struct Field: Sendable, CustomTestStringConvertible {
        let name: String
        let offset: Int
        let count: Int
        var testDescription: String { name }
    }

    private static let (batch, side, channels, filters, classes) = (6, 9, 3, 8, 5)

    static let fields: [Field] = {
        var offset = 0
        return [
            ("first kernel", 9 * channels * filters), ("first bias", filters), ("γ", filters),
            ("β", filters), ("second kernel", 9 * filters * filters), ("second bias", filters),
            ("dense kernel", 4 * 4 * filters * classes), ("dense bias", classes),
        ].map { name, count in
            defer { offset += count }
            return Field(name: name, offset: offset, count: count)
        }
    }()

    private static func graph(_ store: ParameterStore) throws -> LayerGraph {
        let graph = try LayerGraph(
            batch: batch, height: side, width: side, channels: channels, store: store,
            training: true)
        try graph.addConvolution(filters: filters, kernel: 3, padding: 1, offset: fields[0].offset)
        try graph.addNormalization(
            epsilon: 1e-3, momentum: 0.9, rectified: true, offset: fields[2].offset, statistics: 0)
        try graph.addMaxPooling(size: 2)
        try graph.addConvolution(filters: filters, kernel: 3, padding: 1, offset: fields[4].offset)
        try graph.addRectifier()
        try graph.addDense(units: classes, offset: fields[6].offset)
        return graph
    }

    @Test("Along a random direction the loss changes as the gradient says", arguments: fields)
    func difference(field: Field) throws {
        var numbers = Numbers(state: 11)
        let total = Self.fields.reduce(0) { $0 + $1.count }
        let start = (0..<total).map { index -> Float in
            let isScale = Self.fields[2].offset..<Self.fields[3].offset ~= index
            return numbers.signed() * 0.3 + (isScale ? 1 : 0)
        }
        let statistics =
            [Float](repeating: 0, count: Self.filters)
            + [Float](repeating: 1, count: Self.filters)
        let store = ParameterStore(values: start, statistics: statistics)
        let graph = try Self.graph(store)
        let pictures = (0..<Self.batch * Self.side * Self.side * Self.channels).map { _ in
            numbers.signed()
        }
        graph.withInput { input in for i in input.indices { input[i] = pictures[i] } }
        let weights = (0..<Self.batch * Self.classes).map { _ in numbers.signed() }
        // A loss whose gradient by the scores is known: a weighted sum.
        func loss() throws -> Double {
            zip(try graph.forward(), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        _ = try graph.forward()
        try graph.backward(weights)
        let gradients = store.currentGradients
        // Small, since each kink of a rectifier or a maximum on the way adds an error that shrinks with
        // it; large enough for single precision.
        let step: Float = 1e-4
        var checked = 0
        for _ in 0..<3 {
            let direction = (0..<field.count).map { _ in numbers.signed() }
            let predicted = direction.indices.reduce(0.0) {
                $0 + Double(direction[$1]) * Double(gradients[field.offset + $1])
            }
            func moved(_ sign: Float) throws -> Double {
                for i in direction.indices {
                    store.set(
                        start[field.offset + i] + sign * step * direction[i], at: field.offset + i)
                }
                return try loss()
            }
            let difference = (try moved(1) - moved(-1)) / Double(2 * step)
            // What kinks and rounding leave.
            #expect(abs(difference - predicted) < 0.03 * abs(predicted) + 0.05)
            checked += abs(predicted) > 1 ? 1 : 0
        }
        // Behind a normalisation a bias changes nothing; elsewhere the check has to bite.
        #expect(field.name == "first bias" ? checked == 0 : checked > 0)
    }
}
