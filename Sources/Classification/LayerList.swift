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
                output: index + 1 < plan.inputs.count ? plan.inputs[index + 1] : plan.output,
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
        case .foreign(let layer): layer.title
        }
    }

    fileprivate var role: LayerFacts.Role {
        switch self {
        case .convolution, .dense: .weighted
        case .maxPooling, .globalAveragePooling: .pooling
        case .zeroPadding, .normalization, .rectifier, .dropout, .flatten, .softmax: .plain
        case .foreign(let layer): layer.role
        }
    }
}

extension ForeignLayer {
    fileprivate var title: String {
        switch self {
        case .convolution(let own):
            switch own.channels {
            case .filters: "Convolution \(own.window.size.text)"
            case .each: "Depthwise \(own.window.size.text)"
            }
        case .separableConvolution(let own, _): "Separable \(own.window.size.text)"
        case .unbiasedDense: "Dense"
        case .normalization: "Batch normalisation"
        case .standardization: "Normalisation"
        case .rescaling: "Rescaling"
        case .activation(let name, _): name
        case .parametricRectifier: "PReLU"
        case .pooling(.maximum, let window): "Max-pooling \(window.size.text)"
        case .pooling(.mean, let window): "Mean pooling \(window.size.text)"
        case .globalMaxPooling, .keptGlobalPooling(.maximum): "Global maximum"
        case .keptGlobalPooling(.mean): "Global mean"
        case .padding: "Zero padding"
        case .cropping, .centreCropping: "Cropping"
        case .resizing, .enlarging: "Resizing"
        case .inactive(let kind): kind
        case .secondOfTwo: "Sigmoid"
        }
    }

    fileprivate var role: LayerFacts.Role {
        switch self {
        case .convolution, .separableConvolution, .unbiasedDense: .weighted
        case .pooling, .globalMaxPooling, .keptGlobalPooling: .pooling
        case .normalization, .standardization, .rescaling, .activation, .parametricRectifier,
            .padding, .cropping, .centreCropping, .resizing, .enlarging, .inactive, .secondOfTwo:
            .plain
        }
    }
}

extension Sides {
    fileprivate var text: String { "\(height) × \(width)" }
}
