import AtlasModel

extension Network {
    /// Whether a word names a file with a network: architectures have neither dots nor slashes in their
    /// names.
    ///
    /// `m.h5`, `models/rocks` and `model.pt` are files, `conv2l` is none.
    package static func isFile(_ word: String) -> Bool { word.contains(".") || word.contains("/") }

    /// The number of its outputs.
    package var outputs: Int {
        // A network whose layers do not fit together cannot be loaded.
        do { return try ParameterPlan(architecture).output.reduce(1, *) } catch { return 0 }
    }

    /// Whether its classes have names.
    package var namesClasses: Bool { !classes.isEmpty }

    /// Whether it takes the bytes of pictures as 0 to 255; else as 0 to 1.
    package var takesBytes: Bool { architecture.takesBytes }

    /// The network with names for its classes in the order of its outputs, if it has none itself.
    /// - Parameter path: of its file, for the message.
    /// - Throws: `ClassificationError.unknownClasses` for another number of names.
    package func naming(_ names: [String], path: String) throws(ClassificationError) -> Network {
        if namesClasses { return self }
        guard names.count == outputs else {
            throw .unknownClasses(path: path, count: outputs, types: names)
        }
        return with(architecture, classes: names)
    }

    /// What was assumed about the network of a file, full sentences.
    /// - Parameter named: the network with names for its classes.
    package func notes(_ named: Network, _ path: String) -> [String] {
        let classes =
            "\(path) does not name its classes. Its \(outputs) outputs are taken for "
            + "\(named.classes.joined(separator: ", ")), in this order."
        let range =
            "\(path) begins with a layer for bytes, so it gets the values of pictures as 0 to 255, not as 0 to 1."
        return (namesClasses ? [] : [classes]) + (takesBytes ? [range] : [])
    }

    /// A network that Keras saved: without names of classes, and with the range of its input.
    func foreign(_ plan: ParameterPlan) -> Network {
        let own = Architecture(
            name: architecture.name, layers: architecture.layers, side: architecture.side,
            takesBytes: expectsBytes(plan))
        return with(own, classes: [])
    }

    private func with(_ architecture: Architecture, classes: [String]) -> Network {
        Network(
            architecture: architecture, classes: classes, values: values, statistics: statistics,
            temperature: temperature, trainingDigests: trainingDigests, origin: origin)
    }

    /// The largest mean and the largest deviation of values from 0 to 1 are below it, those of bytes
    /// above.
    private static let unit: Float = 2

    /// Whether the first layer that changes values makes small ones of bytes: it divides by more than 2,
    /// or its statistics were measured on bytes.
    private func expectsBytes(_ plan: ParameterPlan) -> Bool {
        for (layer, fields) in zip(architecture.layers, plan.fields) {
            switch layer.kind {
            case .zeroPadding, .dropout, .maxPooling,
                .foreign(.inactive), .foreign(.resizing), .foreign(.enlarging), .foreign(.padding),
                .foreign(.cropping), .foreign(.centreCropping), .foreign(.pooling):
                continue
            case .foreign(.rescaling(let scales, _)):
                return scales.allSatisfy { abs($0) < 1 / Self.unit }
            case .normalization, .foreign(.normalization), .foreign(.standardization):
                let own = fields.filter(\.isStatistic).map { field in
                    statistics[field.offset..<field.offset + field.count].map(abs).max() ?? 0
                }
                // The mean, then the variance.
                return own.count == 2 && (own[0] > Self.unit || own[1] > Self.unit * Self.unit)
            default: return false
            }
        }
        return false
    }
}
