import AtlasModel
import Files
import Foundation

/// Something that was given as a network, but cannot be read as one.
package enum ForeignFile: Equatable, Sendable {
    case empty
    case folder
    /// A named pipe, a device and the like.
    case notRegular
    /// A folder or an archive with TensorFlow's SavedModel.
    case savedModel
    /// A `.keras` file that was unpacked.
    case unpackedKeras
    case tensorFlowGraph
    case tensorFlowLite
    case pyTorch
    case onnx
    case safetensors
    case pickle
    case numPy
    /// `model.to_json()`: layers without weights.
    case description
    case oldKeras(version: String)
    /// `model.save_weights(…)`: weights without layers.
    case weights
    /// An archive without a description of a network.
    case otherArchive
    /// A file of the program that is no network.
    case dataSet, kmeans, neighbours, textures
    case otherHDF5
    case page
    case damagedArchive
    case damagedHDF5
    /// The weights in a `.keras` file.
    case damagedWeights
    case unknown

    /// What it is, to follow the name of the file.
    var statement: String {
        switch self {
        case .empty: "is empty"
        case .folder: "is a folder without a network"
        case .notRegular: "is not a regular file"
        case .savedModel: "is a SavedModel of TensorFlow"
        case .unpackedKeras: "is a .keras file that was unpacked into a folder"
        case .tensorFlowGraph: "is a graph of TensorFlow, without the layers of Keras"
        case .tensorFlowLite: "is a network for TensorFlow Lite"
        case .pyTorch: "is a file of PyTorch"
        case .onnx: "is an ONNX file"
        case .safetensors: "holds weights in the safetensors format, without layers"
        case .pickle: "is a pickle of Python, which only Python can read"
        case .numPy: "holds arrays of NumPy, without layers"
        case .description: "describes the layers of a Keras network, without its weights"
        case .oldKeras(let version): "was saved by Keras \(version), whose files are not read"
        case .weights: "holds the weights of a Keras network, without its layers"
        case .otherArchive: "is an archive that holds no Keras network"
        case .dataSet: "is a data set of \"geoatlas dataset\", not a network"
        case .kmeans: "is a K-Means model of \"geoatlas cluster\", not a network"
        case .neighbours: "is a table of \"geoatlas neighbours\", not a network"
        case .textures: "is a classifier of textures of \"geoatlas train\", not a network"
        case .otherHDF5: "is an HDF5 file without a Keras network"
        case .page: "is a page of a web site, not the file itself"
        case .damagedArchive: "is a zip archive that is cut off or damaged"
        case .damagedHDF5: "is an HDF5 file that is cut off or damaged"
        case .damagedWeights:
            "is a Keras file whose weights (model.weights.h5) are cut off or damaged"
        case .unknown: "is no Keras file: the format is not known"
        }
    }

    /// What to do now, a full sentence.
    var advice: String {
        let save = "model.save(\"name.keras\")"
        switch self {
        case .empty, .page: return "Copy the file again."
        case .damagedArchive, .damagedHDF5, .damagedWeights:
            return "Copy it again, or save the network again with \(save)."
        case .folder, .notRegular, .otherArchive, .otherHDF5, .unknown:
            return "Name a file that Keras saved with \(save) or model.save(\"name.h5\")."
        case .savedModel:
            return "Load it in Python with Keras 2 and save it in one file: "
                + "tf_keras.models.load_model(\"FOLDER\").save(\"name.h5\")."
        case .unpackedKeras: return "Name the .keras file itself, or zip the files of the folder."
        case .tensorFlowGraph, .tensorFlowLite:
            return "Save the Keras network that it was made from with \(save)."
        case .pyTorch, .onnx, .safetensors, .numPy:
            return
                "GeoAtlas reads networks of Keras. Build the same layers with Keras, copy the weights and save "
                + "them with \(save), or train a network with \"geoatlas train\"."
        case .pickle:
            return "If it holds a Keras network, load it in Python and save it with \(save)."
        case .description:
            return
                "Load it with keras.models.model_from_json, load its weights, and save both with \(save)."
        case .oldKeras, .weights:
            return
                "Make the network in Python, load them with model.load_weights, and save both with \(save)."
        case .dataSet, .kmeans, .neighbours, .textures:
            return
                "Name a network: one of \"geoatlas train\", or one that Keras saved with \(save)."
        }
    }
}

/// The format of a file with a network.
enum NetworkFormat {
    case hdf5
    /// A zip archive, as Keras 3 writes it.
    case archive

    /// Bytes at the beginning of a file that are enough to tell formats apart.
    private static let beginning = 4_096

    /// The format of a file by its first bytes.
    /// - Throws: `ClassificationError.missingFile`, `.unreadableFile`, `.foreignFile`, `.pointer`.
    init(of path: String) throws(ClassificationError) {
        let bytes: [UInt8]
        do {
            bytes = try RandomAccessFile(path).bytes(at: 0, count: Self.beginning)
        } catch {
            switch error.number {
            case ENOENT, ENOTDIR: throw .missingFile(path: path)
            case EINVAL:
                throw .foreignFile(
                    path: path, Folders.contain(path) ? Self.folder(path) : .notRegular)
            default: throw .unreadableFile(path: path, reason: error.reason)
            }
        }
        if GitLFS.isPointer(bytes) { throw .pointer(path: path) }
        if Self.isHDF5(bytes) {
            self = .hdf5
        } else if bytes.starts(with: [0x50, 0x4b]) {
            self = .archive
        } else {
            throw .foreignFile(path: path, Self.foreign(bytes, path: path))
        }
    }

    private static func folder(_ path: String) -> ForeignFile {
        func has(_ name: String) -> Bool { access("\(path)/\(name)", F_OK) == 0 }
        if has("saved_model.pb") || has("saved_model.pbtxt") { return .savedModel }
        return has("config.json") && has("model.weights.h5") ? .unpackedKeras : .folder
    }

    /// The signature stands at the beginning, or after a block of the user's (HDF5 File Format
    /// Specification, III.A).
    private static func isHDF5(_ bytes: [UInt8]) -> Bool {
        let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
        return [0, 512, 1_024, 2_048].contains { bytes.dropFirst($0).starts(with: signature) }
    }

    private static func foreign(_ bytes: [UInt8], path: String) -> ForeignFile {
        func has(_ text: String, at place: Int = 0) -> Bool {
            bytes.dropFirst(place).starts(with: text.utf8)
        }
        let name = path.lowercased()
        let text = String(decoding: bytes, as: UTF8.self).drop { $0.isWhitespace }
        if bytes.isEmpty { return .empty }
        if has("TFL3", at: 4) { return .tensorFlowLite }
        if has("\u{93}NUMPY") || bytes.starts(with: [0x93] + "NUMPY".utf8) { return .numPy }
        // A length in eight bytes, then a JSON object (huggingface/safetensors, "Format").
        if has("{\"", at: 8), bytes[4..<8].allSatisfy({ $0 == 0 }) { return .safetensors }
        // The protocol and the magic number of PyTorch before 1.6, in a pickle.
        if bytes.starts(with: [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46]) { return .pyTorch }
        if bytes[0] == 0x80, bytes.count > 1, (2...5).contains(bytes[1]) {
            return [".pt", ".pth"].contains { name.hasSuffix($0) } ? .pyTorch : .pickle
        }
        if text.first == "{" {
            return text.contains("\"class_name\"") ? .description : .unknown
        }
        if FileKind(of: bytes) == .webPage { return .page }
        // Field 1 of a model is the version of the format, a small number, and the next is the producer,
        // the graph or the domain (onnx.proto).
        if name.hasSuffix(".onnx")
            || bytes.count > 2 && bytes[0] == 0x08 && bytes[1] < 0x20
                && [0x12, 0x3a, 0x42].contains(bytes[2])
        {
            return .onnx
        }
        if name.hasSuffix(".pb") { return .tensorFlowGraph }
        if name.contains(".ckpt") || name.contains(".data-00000-of-") || name.hasSuffix(".index") {
            return .weights
        }
        return .unknown
    }
}
