package import AtlasModel
import Kernels

extension Network {
    /// Facts about the layers from input to output, for readers.
    /// - Throws: `ClassificationError.impossibleLayer` if they do not fit together.
    package func layers() throws -> [LayerFacts] {
        let plan = try ParameterPlan(architecture)
        return architecture.layers.indices.map { index in
            let layer = architecture.layers[index]
            return LayerFacts(
                name: layer.name, kind: layer.kind.title, role: layer.kind.role,
                output: index + 1 < plan.inputs.count
                    ? plan.inputs[index + 1] : [classes.count],
                parameters: plan.fields[index].reduce(0) { $0 + $1.count })
        }
    }

    /// The library that computes networks, and its version.
    package static var library: SoftwareVersion {
        SoftwareVersion(name: "oneDNN", version: libraryVersion)
    }
}

extension Architecture.Kind {
    /// The name of the layer for readers.
    fileprivate var title: String {
        switch self {
        case .zeroPadding(let pad): "Zero padding \(pad)"
        case .convolution(_, let kernel, _): "Convolution \(kernel) × \(kernel)"
        case .normalization: "Batch normalisation"
        case .rectifier: "ReLU"
        case .maxPooling(let size): "Max-pooling \(size) × \(size)"
        case .globalAveragePooling: "Global mean"
        case .dropout(let rate): "Dropout \(Int((100 * rate).rounded())) %"
        case .flatten: "Flatten"
        case .dense: "Dense"
        case .softmax: "Softmax"
        }
    }

    fileprivate var role: LayerFacts.Role {
        switch self {
        case .convolution, .dense: .weighted
        case .maxPooling, .globalAveragePooling: .pooling
        case .zeroPadding, .normalization, .rectifier, .dropout, .flatten, .softmax: .plain
        }
    }
}
