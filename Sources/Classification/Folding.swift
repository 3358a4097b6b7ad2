/// The layers and values of a network rewritten for prediction: the same function of a picture, with
/// fewer passes over memory.
struct FoldedNetwork {
    let architecture: Architecture
    /// Trainable values and statistics in the order of `ParameterPlan(architecture)`.
    let values: [Float]
    let statistics: [Float]

    init(_ network: Network) throws(ClassificationError) {
        let plan = try ParameterPlan(network.architecture)
        var parts: [LayerPart] = []
        for (index, layer) in network.architecture.layers.enumerated() {
            let fields = plan.fields[index]
            func slice(_ block: [Float], statistic: Bool) -> ArraySlice<Float> {
                let own = fields.filter { $0.isStatistic == statistic }
                let start = own.first?.offset ?? 0
                return block[start..<start + own.reduce(0) { $0 + $1.count }]
            }
            let part = LayerPart(
                layer: layer, values: slice(network.values, statistic: false),
                statistics: slice(network.statistics, statistic: true))
            for part in part.plain(on: plan.inputs[index]) { Self.add(part, to: &parts) }
        }
        architecture = network.architecture.with(layers: parts.map(\.layer))
        values = parts.flatMap(\.values)
        statistics = parts.flatMap(\.statistics)
    }

    private static func add(_ part: LayerPart, to parts: inout [LayerPart]) {
        let behindPooling = parts.count > 1 && isPooling(parts[parts.count - 1])
        let place = parts.count - (behindPooling ? 2 : 1)
        let convolution = place >= 0 && isConvolution(parts[place]) ? place : nil
        switch (part.layer.kind, convolution) {
        case (.dropout, _): break
        case (.foreign(.secondOfTwo), _):
            // `ForeignLayer.output` allows it only after one output, which a dense layer gives.
            if let dense = parts.popLast() { parts.append(dense.withSecondOfTwo) }
        case (.normalization(let epsilon, _), let place?):
            let scales = scales(part, epsilon: epsilon)
            // A falling function of the maximum is not the maximum of the function's values.
            guard !behindPooling || scales.allSatisfy({ $0 >= 0 }) else {
                parts.append(part)
                return
            }
            fold(part, scales: scales, into: &parts[place])
        case (.rectifier, let place?):
            // A rectifier and max-pooling may be exchanged; directly after the convolution the rectifier
            // costs nothing.
            parts.insert(part, at: place + 1)
        default: parts.append(part)
        }
    }

    private static func isConvolution(_ part: LayerPart) -> Bool {
        switch part.layer.kind {
        case .convolution, .foreign(.convolution): true
        default: false
        }
    }

    private static func isPooling(_ part: LayerPart) -> Bool {
        switch part.layer.kind {
        case .maxPooling, .foreign(.pooling(.maximum, _)): true
        default: false
        }
    }

    /// γ / √(σ² + ε) of each channel.
    private static func scales(_ normalization: LayerPart, epsilon: Float) -> [Double] {
        let channels = normalization.statistics.count / 2
        return zip(normalization.values.prefix(channels), normalization.statistics.suffix(channels))
            .map { Double($0) / (Double($1) + Double(epsilon)).squareRoot() }
    }

    /// γ (w ∗ x + b − μ) / √(σ² + ε) + β as a convolution of x.
    private static func fold(
        _ normalization: LayerPart, scales: [Double], into convolution: inout LayerPart
    ) {
        let channels = scales.count
        let shifts = normalization.values.suffix(channels)
        let means = normalization.statistics.prefix(channels)
        // The kernel's last axis is the filter, and the bias follows it.
        var folded = convolution.values.enumerated().map { place, value in
            Double(value) * scales[place % channels]
        }
        let bias = folded.count - channels
        for (channel, (mean, shift)) in zip(means, shifts).enumerated() {
            folded[bias + channel] += Double(shift) - Double(mean) * scales[channel]
        }
        convolution.values = folded.map { Float($0) }[...]
    }
}
