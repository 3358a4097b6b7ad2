import Kernels
import Testing

/// Compares gradients with central differences of the loss, which do not depend on the code of the
/// layers.
@Suite struct GradientTests {
    static let (batch, side, channels, filters, classes) = (6, 9, 3, 16, 5)

    /// A kind of layer with its own values, placed between a convolution and a dense layer.
    enum Layer: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case nothing, rectifier, dropout
        case paddedConvolution, validConvolution, denseLayer
        case normalization, rectifiedNormalization, normalizedUnits
        case maxPooling, averagePooling

        var testDescription: String { rawValue }

        /// Its values in the order of the store: name, number of values, and their centre.
        var fields: [Field] {
            let filters = GradientTests.filters
            switch self {
            case .nothing, .rectifier, .dropout, .maxPooling, .averagePooling: return []
            case .paddedConvolution, .validConvolution:
                return [Field("kernel", 9 * filters * filters), Field("bias", filters)]
            case .denseLayer: return [Field("kernel", 81 * filters * 7), Field("bias", 7)]
            case .normalization, .rectifiedNormalization:
                return [Field("γ", filters, around: 1), Field("β", filters)]
            case .normalizedUnits:
                return [
                    Field("kernel", 81 * filters * 16), Field("bias", 16),
                    Field("γ", 16, around: 1), Field("β", 16),
                ]
            }
        }

        func add(to graph: LayerGraph, offset: Int) throws {
            switch self {
            case .nothing: break
            case .rectifier: try graph.addRectifier()
            case .dropout:
                // The same random bits in every pass. Otherwise the loss would jump between passes.
                var numbers = Numbers(state: 3)
                var calls = 0
                let callsInAPass = batch * side * side * filters / 8
                try graph.addDropout(rate: 0.25) {
                    if calls % callsInAPass == 0 { numbers = Numbers(state: 3) }
                    calls += 1
                    return numbers.next() << 33 ^ numbers.next()
                }
            case .paddedConvolution:
                try graph.addConvolution(filters: filters, kernel: 3, padding: 1, offset: offset)
            case .validConvolution:
                try graph.addConvolution(filters: filters, kernel: 3, padding: 0, offset: offset)
            case .denseLayer: try graph.addDense(units: 7, offset: offset)
            case .normalization, .rectifiedNormalization:
                try graph.addNormalization(
                    epsilon: 1e-3, rectified: self == .rectifiedNormalization, offset: offset,
                    statistics: 0)
            case .normalizedUnits:
                try graph.addDense(units: 16, offset: offset)
                try graph.addNormalization(
                    epsilon: 1e-3, rectified: false, offset: offset + 81 * filters * 16 + 16,
                    statistics: 0)
            case .maxPooling: try graph.addMaxPooling(size: 2)
            case .averagePooling: try graph.addGlobalAveragePooling()
            }
        }
    }

    struct Field: Sendable {
        let name: String
        let count: Int
        let centre: Float

        init(_ name: String, _ count: Int, around centre: Float = 0) {
            (self.name, self.count, self.centre) = (name, count, centre)
        }
    }

    /// The convolution, the layer and the dense layer, with the values of all three.
    private static func network(_ layer: Layer) throws -> (
        graph: LayerGraph, store: ParameterStore, fields: [Field], values: [Float]
    ) {
        // A graph of only the layer gives the number of inputs of the dense layer.
        let first = [Field("first kernel", 9 * channels * filters), Field("first bias", filters)]
        let before = first.reduce(0) { $0 + $1.count }
        let inside = layer.fields.reduce(0) { $0 + $1.count }
        var numbers = Numbers(state: 11)
        // Large enough for the largest dense layer. Values that no layer reads are not in the
        // fields.
        let room = ParameterStore(
            values: [Float](repeating: 0, count: before + inside), statistics: zeros)
        let probe = try graph(layer, room, before)
        let width = probe.shape.dropFirst().reduce(1, *)
        let fields =
            first + layer.fields + [
                Field("last kernel", width * classes), Field("last bias", classes),
            ]
        let values = fields.flatMap { field in
            (0..<field.count).map { _ in numbers.signed() * 0.3 + field.centre }
        }
        let store = ParameterStore(values: values, statistics: zeros)
        let whole = try graph(layer, store, before)
        try whole.addDense(units: classes, offset: before + inside)
        return (whole, store, fields, values)
    }

    private static let zeros = [Float](repeating: 0, count: 2 * filters)

    private static func graph(_ layer: Layer, _ store: ParameterStore, _ offset: Int) throws
        -> LayerGraph
    {
        let graph = try LayerGraph(
            batch: batch, of: .init(height: side, width: side, channels: channels), store: store,
            for: .training)
        try graph.addConvolution(filters: filters, kernel: 3, padding: 1, offset: 0)
        try layer.add(to: graph, offset: offset)
        return graph
    }

    @Test(
        "Along random directions the loss changes as the gradients say, for every kind of layer",
        arguments: Layer.allCases)
    func difference(layer: Layer) throws {
        let (graph, store, fields, start) = try Self.network(layer)
        var numbers = Numbers(state: 5)
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
        let step: Float = 1e-4
        var offset = 0
        for field in fields {
            defer { offset += field.count }
            var largest = 0.0
            var errors: [Double] = []
            for _ in 0..<5 {
                let direction = (0..<field.count).map { _ in numbers.signed() }
                let predicted = direction.indices.reduce(0.0) {
                    $0 + Double(direction[$1]) * Double(gradients[offset + $1])
                }
                func moved(_ sign: Float) throws -> Double {
                    for i in direction.indices {
                        store.set(start[offset + i] + sign * step * direction[i], at: offset + i)
                    }
                    return try loss()
                }
                let difference = (try moved(1) - moved(-1)) / Double(2 * step)
                for i in direction.indices { store.set(start[offset + i], at: offset + i) }
                errors.append(abs(difference - predicted) / (abs(predicted) + 1))
                largest = max(largest, abs(predicted))
            }
            // A kink of a rectifier or a maximum falsifies the difference in some directions, but
            // never in most. The remaining error is due to rounding.
            let median = errors.sorted()[2]
            #expect(median < 0.03, "\(field.name): \(errors)")
            // A bias directly before a normalisation has no effect. All other gradients must be
            // large enough for the check to be meaningful.
            let isCancelled =
                [.normalization, .rectifiedNormalization, .normalizedUnits].contains(layer)
                && ["first bias", "bias"].contains(field.name)
            #expect(isCancelled ? largest < 0.01 : largest > 0.3, "\(field.name): \(largest)")
        }
    }

    @Test("The fastest convolution gives what the direct one gives, forward and back")
    func fastest() throws {
        var numbers = Numbers(state: 7)
        let (batch, side, filters) = (16, 14, 32)
        let count = 27 * filters + filters + 9 * filters * filters + filters
        let values = (0..<count).map { _ in numbers.signed() * 0.1 }
        let pictures = (0..<batch * side * side * 3).map { _ in numbers.signed() }
        let weights = (0..<batch * side * side * filters).map { _ in numbers.signed() }
        func run(_ method: ConvolutionMethod) throws -> (output: [Float], gradients: [Float]) {
            let store = ParameterStore(values: values, statistics: [])
            let graph = try LayerGraph(
                batch: batch, of: .init(height: side, width: side, channels: 3), store: store,
                for: .training,
                method: method)
            try graph.addConvolution(filters: filters, kernel: 3, padding: 1, offset: 0)
            try graph.addConvolution(
                filters: filters, kernel: 3, padding: 1, offset: 27 * filters + filters)
            graph.withInput { input in for i in input.indices { input[i] = pictures[i] } }
            let output = try graph.forward()
            try graph.backward(weights)
            return (output, store.currentGradients)
        }
        let (direct, fastest) = (try run(.direct), try run(.fastest))
        for (one, two) in [(direct.output, fastest.output), (direct.gradients, fastest.gradients)] {
            let scale = one.reduce(0) { max($0, abs($1)) }
            let worst = zip(one, two).reduce(0) { max($0, abs($1.0 - $1.1)) }
            // A. Lavin and S. Gray, 2016, table 3: errors of F(4 × 4, 3 × 3) in single precision.
            #expect(scale > 0.5 && worst < 1e-4 * scale)
        }
    }
}
