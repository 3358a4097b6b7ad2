import Foundation
import Kernels

extension LayerReader {
    /// The layer of an activation, from a layer that is one or from the option of another layer; `nil`
    /// for none.
    func activation() throws -> Architecture.Kind? {
        switch kind {
        case "ReLU": return try rectifier()
        case "LeakyReLU":
            let slope = number("negative_slope") ?? number("alpha") ?? 0.3
            return Self.functions("Leaky ReLU", .rectifier(slope: Float(slope)))
        case "ELU":
            return Self.functions(
                "ELU", .exponentialUnit(alpha: Float(number("alpha") ?? 1)))
        case "Softmax": return .softmax
        default: return try activation(config["activation"])
        }
    }

    private func activation(_ node: Any?) throws -> Architecture.Kind? {
        if node == nil || node is NSNull { return nil }
        if let name = node as? String { return try activation(named: name) }
        guard let object = node as? [String: Any] else {
            throw damaged("no activation")
        }
        if let name = object["config"] as? String { return try activation(named: name) }
        let layer = try LayerReader(object, version: version, path: path)
        guard ["Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"].contains(layer.kind) else {
            throw unsupported("the activation \(layer.kind)")
        }
        return try layer.activation()
    }

    private static func functions(_ name: String, _ functions: Elementwise...) -> Architecture.Kind
    {
        .foreign(.activation(name: name, functions))
    }

    private func rectifier() throws -> Architecture.Kind {
        let (slope, threshold) = (Float(number("negative_slope") ?? 0), number("threshold") ?? 0)
        guard threshold == 0 else { throw unsupported("a threshold") }
        guard let most = number("max_value") else {
            return slope == 0 ? .rectifier : Self.functions("Leaky ReLU", .rectifier(slope: slope))
        }
        if slope == 0 { return Self.functions("ReLU", .clipped(from: 0, to: Float(most))) }
        return Self.functions(
            "Leaky ReLU", .rectifier(slope: slope),
            .clipped(from: -.greatestFiniteMagnitude, to: Float(most)))
    }

    private func activation(named name: String) throws -> Architecture.Kind? {
        switch name {
        case "linear": return nil
        case "relu": return .rectifier
        case "softmax": return .softmax
        case "relu6": return Self.functions("ReLU 6", .clipped(from: 0, to: 6))
        case "leaky_relu": return Self.functions("Leaky ReLU", .rectifier(slope: 0.2))
        case "elu", "celu": return Self.functions("ELU", .exponentialUnit(alpha: 1))
        case "selu":
            // G. Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
            return Self.functions(
                "SELU", .exponentialUnit(alpha: 1.673_263_242_354_377_2),
                .linear(scale: 1.050_700_987_355_480_5, shift: 0))
        case "gelu": return Self.functions("GELU", .gaussianUnit)
        case "silu", "swish": return Self.functions("Swish", .swish)
        case "hard_silu", "hard_swish": return Self.functions("Hard swish", .hardSwish)
        case "mish": return Self.functions("Mish", .mish)
        case "sigmoid": return Self.functions("Sigmoid", .sigmoid)
        case "hard_sigmoid":
            // Keras 3 changed the slope from 1/5 to 1/6.
            let isOld = version.hasPrefix("2.")
            return Self.functions(
                "Hard sigmoid", .linear(scale: isOld ? 0.2 : 1 / 6, shift: 0.5),
                .clipped(from: 0, to: 1))
        case "tanh": return Self.functions("Tanh", .tanh)
        case "hard_tanh": return Self.functions("Hard tanh", .clipped(from: -1, to: 1))
        case "exponential": return Self.functions("Exponential", .exponential)
        case "softplus": return Self.functions("Softplus", .softplus)
        default: throw unsupported("the activation \(name)")
        }
    }
}
