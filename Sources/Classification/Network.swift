package import AtlasModel
import Foundation
import Kernels
package import Parallel

/// A trained network.
package struct Network: Sendable, Equatable {
    package let architecture: Architecture
    /// Names of the classes, in the order of its outputs.
    package let classes: [String]
    /// Trainable values in the plan's order.
    let values: [Float]
    /// Mean and variance of the normalisations.
    let statistics: [Float]
    /// The number by which scores are divided for calibrated probabilities; 1 if none was fitted.
    package let temperature: Double
    /// Digests of the pictures it was trained on, sorted; empty if unknown.
    package let trainingDigests: [String]
    /// How it was trained; `nil` if its file does not say.
    package let origin: Origin?

    /// The results after each epoch; empty if unknown.
    package var history: [EpochRecord] { origin?.history ?? [] }
    /// The training settings in a sentence, without seed and threads.
    package var recipeDescription: String? { origin?.settings.recipeDescription }
    /// The seed and the number of threads of its training; `nil` if unknown, or if the network does not
    /// depend on it.
    package var seed: UInt64? { origin?.settings.seed }
    package var threads: Int? {
        // A training whose result does not depend on it does not tell it.
        origin.flatMap { $0.settings.threads == 0 ? nil : $0.settings.threads }
    }

    /// The number of epochs of its training; `nil` if unknown.
    package var epochs: Int? { origin?.history.count }

    /// Number of values in all layers, including statistics, as Keras counts them.
    package var parameterCount: Int { values.count + statistics.count }

    /// Pictures in a pass: few enough that the outputs of layers stay in the cache of a core. Always
    /// the same number, so that a prediction does not depend on the other pictures.
    private var batch: Int { architecture.seesCrops ? 2 : 16 }

    /// Predicts the class of each picture, in order: the softmax of one forward pass, or the mean of those
    /// of several crops.
    ///
    /// Scores of (0, ln 3) give the probabilities (0.25, 0.75). Without pictures the result is empty.
    /// - Parameters:
    ///   - threads: number of threads to use; it changes nothing in the result.
    ///   - progress: in pictures.
    /// - Throws: `KernelError`; `ClassificationError.scoresNotFinite`.
    package func predict(
        _ input: NetworkInput, threads: Int, progress: ProgressReport? = nil
    ) throws -> [Prediction] {
        try predict(input, views: .max, threads: threads, progress: progress)
    }

    /// Predicts the class of each model vector, with a network that takes these.
    package func predict(
        _ vectors: ModelVectors, threads: Int, progress: ProgressReport? = nil
    ) throws -> [Prediction] {
        try predict(.vectors(vectors), threads: threads, progress: progress)
    }

    /// - Parameter views: the largest number of crops of a picture.
    func predict(
        _ input: NetworkInput, views: Int, threads: Int, progress: ProgressReport? = nil
    ) throws -> [Prediction] {
        try means(of: input, views: views, threads: threads, progress: progress) {
            Self.softmax($0)
        }.map(Prediction.init(probabilities:))
    }

    /// The prediction with calibrated probabilities, softmax(z / T) with the temperature T (C. Guo et
    /// al., "On calibration of modern neural networks", ICML 2017). The predicted class is the same.
    ///
    /// T = 2 turns the probabilities (0.1, 0.9) into (0.25, 0.75).
    package func calibrated(_ prediction: Prediction) -> Prediction {
        prediction.calibrated(temperature: temperature)
    }

    /// Outputs before the softmax, a row for each picture; of a network that sees crops, the logarithms
    /// of their mean probabilities.
    func scores(_ input: NetworkInput, threads: Int) throws -> [[Float]] {
        guard architecture.seesCrops else {
            return try means(of: input, threads: threads) { Array($0) }
        }
        return try predict(input, threads: threads).map(\.logarithms)
    }

    /// The mean of `making` for the scores of each view of a picture, in the order of the pictures.
    /// - Parameter views: the largest number of crops of a picture.
    func means(
        of input: NetworkInput, views: Int = .max, threads: Int, progress: ProgressReport? = nil,
        making: @Sendable (UnsafeBufferPointer<Float>) -> [Float]
    ) throws -> [[Float]] {
        guard architecture.seesCrops else {
            return try outputs(
                of: input, [.whole(.none)], threads: threads, progress: progress, making: making)
        }
        let crops = Crop.predicted.prefix(views)
        let rows = try outputs(
            of: input, crops.map(PictureView.crop), threads: threads, progress: progress,
            making: making)
        return stride(from: 0, to: rows.count, by: crops.count).map { start in
            var sums = rows[start]
            for row in rows[start + 1..<start + crops.count] {
                for place in sums.indices { sums[place] += row[place] }
            }
            return sums.map { $0 / Float(crops.count) }
        }
    }

    /// The result of `making` for the scores of each view of each picture, in order.
    private func outputs<Output: Sendable>(
        of input: NetworkInput, _ views: [PictureView], threads: Int, progress: ProgressReport?,
        making: @Sendable (UnsafeBufferPointer<Float>) -> Output
    ) throws -> [Output] {
        let folded = try FoldedNetwork(self)
        let (batch, count) = (batch, input.count * views.count)
        // Each thread has its own graph for a part of the pictures. All graphs have the same batch
        // size, so the results do not depend on their number.
        let blocks = (count + batch - 1) / batch
        let share = max(1, (blocks + threads - 1) / threads) * batch
        let shares = (count + share - 1) / share
        return try Workers(threads).map(shares) { part -> [Output] in
            KernelThreads.use(1)
            let store = ParameterStore(values: folded.values, statistics: folded.statistics)
            let graph = try LayerGraph.of(
                folded.architecture, batch: batch, store: store, for: .inference)
            let own = part * share..<min(count, (part + 1) * share)
            var outputs: [Output] = []
            outputs.reserveCapacity(own.count)
            for start in stride(from: own.lowerBound, to: own.upperBound, by: batch) {
                let block = start..<min(own.upperBound, start + batch)
                graph.withInput { write(input, views, block, to: $0) }
                let scores = try graph.forward()
                let width = scores.count / batch
                guard scores.prefix(block.count * width).allSatisfy(\.isFinite) else {
                    throw ClassificationError.scoresNotFinite(network: architecture.name)
                }
                scores.withUnsafeBufferPointer { scores in
                    for row in block.indices.map({ $0 - block.lowerBound }) {
                        outputs.append(
                            making(.init(rebasing: scores[row * width..<(row + 1) * width])))
                    }
                }
                // The first part reports for all of them, because they run in parallel.
                if part == 0 {
                    progress?(block.upperBound * input.count / own.count, input.count)
                }
            }
            return outputs
        }.flatMap { $0 }
    }

    /// Writes views of pictures as values in 0…1, or as bytes if the network takes these.
    private func write(
        _ input: NetworkInput, _ views: [PictureView], _ block: Range<Int>,
        to target: UnsafeMutableBufferPointer<Float>
    ) {
        guard case .vectors(let vectors) = input else {
            for (place, number) in block.enumerated() {
                input.write(
                    number / views.count, views[number % views.count], side: architecture.side,
                    to: target, at: place)
            }
            guard architecture.takesBytes else { return }
            for place in target.indices { target[place] *= 255 }
            return
        }
        let bytes = block.lowerBound * ModelVectors.length..<block.upperBound * ModelVectors.length
        vectors.bytes.withUnsafeBufferPointer { source in
            let white: Float = architecture.takesBytes ? 1 : 255
            for (place, byte) in bytes.enumerated() { target[place] = Float(source[byte]) / white }
        }
    }

    /// exp(z) / Σ exp(z), shifted by the largest score.
    static func softmax(_ scores: some Collection<Float>) -> [Float] {
        let largest = scores.max() ?? 0
        let powers = scores.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

extension LayerGraph {
    /// A graph of the layers of an architecture, without the softmax.
    /// - Parameter random: gives random bits for dropout in training; `nil` leaves dropout out.
    static func of(
        _ architecture: Architecture, batch: Int, store: ParameterStore, for purpose: GraphPurpose,
        random: (() -> UInt64)? = nil
    ) throws -> LayerGraph {
        let plan = try ParameterPlan(architecture)
        let graph = try LayerGraph(
            batch: batch,
            of: .init(height: architecture.side, width: architecture.side, channels: 3),
            store: store, for: purpose, method: purpose == .estimation ? .direct : .fastest)
        var padding = Margins.none
        var skipsRectifier = false
        for (index, layer) in architecture.layers.enumerated() {
            let offset = plan.fields[index].first?.offset ?? 0
            let following = architecture.layers.dropFirst(index + 1).first?.kind
            let rectifiesNext = purpose == .inference && following == .rectifier
            switch layer.kind {
            case .zeroPadding(let pad): padding = padding + Margins(pad)
            case .foreign(.padding(let margins)): padding = padding + margins
            case .convolution(let filters, let kernel, let same):
                skipsRectifier = rectifiesNext
                let own = Window(
                    size: Sides(kernel), padding: padding + Margins(same ? kernel / 2 : 0))
                try graph.addConvolution(
                    Convolution(filters: filters, window: own), offset: offset,
                    rectified: skipsRectifier)
                padding = .none
            case .foreign(.convolution(let own)):
                skipsRectifier = rectifiesNext
                try graph.addConvolution(
                    own.convolution(on: plan.inputs[index], padding: padding), offset: offset,
                    rectified: skipsRectifier)
                padding = .none
            case .normalization(let epsilon, _):
                skipsRectifier = following == .rectifier
                try graph.addNormalization(
                    epsilon: epsilon, rectified: skipsRectifier, offset: offset,
                    statistics: plan.fields[index].first(where: \.isStatistic)?.offset ?? 0)
            case .rectifier:
                if !skipsRectifier { try graph.addRectifier() }
                skipsRectifier = false
            case .maxPooling(let size): try graph.addMaxPooling(size: size)
            case .globalAveragePooling: try graph.addGlobalAveragePooling()
            case .dropout(let rate):
                if let random { try graph.addDropout(rate: rate, random: random) }
            case .dense(let units):
                skipsRectifier = rectifiesNext
                try graph.addDense(units: units, offset: offset, rectified: skipsRectifier)
            case .flatten:
                // A dense layer flattens its input itself.
                if purpose == .inference, following?.flattensItself != true {
                    try graph.addFlattening()
                }
            case .softmax: break
            case .foreign(let foreign):
                try graph.add(foreign, plan.fields[index], on: plan.inputs[index])
            }
            if padding != .none, following?.isConvolution != true {
                guard purpose == .inference else {
                    throw ClassificationError.impossibleLayer(
                        name: layer.name, input: plan.inputs[index])
                }
                try graph.addPadding(padding)
                padding = .none
            }
        }
        // Only a dense layer gives its values without gaps.
        if purpose == .inference, plan.endsWithPooling(architecture) { try graph.addFlattening() }
        return graph
    }

    /// Adds a layer of others.
    /// - Parameters:
    ///   - fields: of the layer.
    ///   - shape: of its input.
    private func add(_ layer: ForeignLayer, _ fields: [ParameterPlan.Field], on shape: [Int])
        throws
    {
        switch layer {
        case .activation(_, let functions):
            for function in functions { try addElementwise(function) }
        case .parametricRectifier:
            guard let slopes = fields.first else { return }
            try addParametricRectifier(offset: slopes.offset, slopes: slopes.shape)
        case .pooling(let pooling, let window):
            let own = window.window(on: Sides(height: shape[0], width: shape[1]))
            switch pooling {
            case .maximum: try addMaxPooling(own)
            case .mean: try addAveragePooling(own)
            }
        case .globalMaxPooling: try addGlobalMaxPooling()
        case .cropping(let margins): try addCropping(margins)
        case .resizing(let sides, let interpolation):
            try addResizing(to: sides, interpolation)
        case .padding, .convolution, .separableConvolution, .unbiasedDense, .normalization,
            .standardization, .rescaling, .keptGlobalPooling, .centreCropping, .enlarging,
            .inactive,
            .secondOfTwo:
            preconditionFailure("FoldedNetwork has rewritten it")
        }
    }
}

extension ForeignConvolution {
    /// The convolution on inputs of one shape, which were not padded yet.
    fileprivate func convolution(on shape: [Int], padding: Margins) -> Convolution {
        let own = window.window(on: Sides(height: shape[0], width: shape[1]))
        return Convolution(
            filters: filters(from: shape[2]), groups: groups(of: shape[2]),
            window: Window(
                size: own.size, strides: own.strides, dilation: own.dilation,
                padding: own.padding + padding))
    }
}

extension ParameterPlan {
    /// Whether values of the output may lie in blocks of channels in memory.
    fileprivate func endsWithPooling(_ architecture: Architecture) -> Bool {
        for layer in architecture.layers.reversed() {
            switch layer.kind {
            case .dense, .flatten: return false
            case .convolution, .maxPooling, .globalAveragePooling, .foreign(.pooling),
                .foreign(.globalMaxPooling), .foreign(.convolution):
                return true
            default: break
            }
        }
        return false
    }
}

extension Architecture.Kind {
    fileprivate var isConvolution: Bool {
        switch self {
        case .convolution, .foreign(.convolution), .zeroPadding, .foreign(.padding): true
        default: false
        }
    }

    fileprivate var flattensItself: Bool {
        if case .dense = self { true } else { false }
    }
}
