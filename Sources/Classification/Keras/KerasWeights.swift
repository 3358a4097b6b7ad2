import HDF5

/// Where a Keras file has the weights of its layers.
enum KerasWeights {
    /// By the names of layers and weights (Keras 2, `.h5`).
    case named
    /// By the places of layers and weights (Keras 3, `.keras`).
    case placed

    /// The values of a field of a layer.
    /// - Parameter place: of the field among those of the layer.
    /// - Throws: `ClassificationError.notANetwork` if they are missing, of another shape or not finite.
    func values(
        of field: ParameterPlan.Field, _ place: Int, at address: LayerAddress,
        in file: borrowing HDF5Reader, path: String
    ) throws -> [Float] {
        let set =
            switch self {
            case .named: try Self.named(field, at: address, in: file)
            case .placed: "\(address.group)/vars/\(place)"
            }
        func fault(_ reason: String) -> ClassificationError {
            .notANetwork(path: path, reason: reason)
        }
        guard let set, file.contains(set) else {
            throw fault("the layer \"\(address.name)\" has no \(field.name)")
        }
        // The shape comes first, because a small file can claim to hold gigabytes.
        let shape = try file.shape(set)
        guard shape == field.shape else {
            throw fault(
                "\(field.name) of the layer \"\(address.name)\" is \(shape), not \(field.shape)")
        }
        let values = try file.numbers(set, as: Float.self).values
        guard values.allSatisfy(\.isFinite) else {
            throw fault(
                "\(field.name) of the layer \"\(address.name)\" has numbers that are not finite")
        }
        return values
    }

    /// The data set of a field; `nil` if there is none.
    private static func named(
        _ field: ParameterPlan.Field, at address: LayerAddress, in file: borrowing HDF5Reader
    ) throws -> String? {
        let group = "model_weights/\(address.models.first ?? address.name)"
        guard file.contains(group), file.hasAttribute("weight_names", of: group) else { return nil }
        // Keras 2 calls the kernel of a DepthwiseConv2D so.
        let wanted = field.name == "kernel" ? ["kernel", "depthwise_kernel"] : [field.name]
        let found = try file.stringsAttribute("weight_names", of: group).filter {
            // Keras 2 ends names in ":0", Keras 3 does not.
            let last = $0.split(separator: "/").last?.split(separator: ":").first
            return last.map { wanted.contains(String($0)) } ?? false
        }
        // The group of a network within the network has the weights of all its layers.
        let own =
            address.models.isEmpty
            ? found
            : found.filter {
                $0.split(separator: "/").dropLast().last.map(String.init) == address.name
            }
        return (own.first ?? (found.count == 1 ? found.first : nil)).map { "\(group)/\($0)" }
    }
}
