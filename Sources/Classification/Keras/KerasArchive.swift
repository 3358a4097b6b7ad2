import Archives
import Files

/// The parts of a `.keras` file that describe a network: a zip archive with the description in JSON and
/// the weights in HDF5 (Keras 3, `saving_lib`).
struct KerasArchive {
    let configuration: String
    let weights: [UInt8]
    /// The version of Keras that wrote it; empty if it is not given.
    let version: String

    /// The largest sizes of the entries, in bytes. A description has some hundred bytes for each layer.
    private static let (longest, heaviest) = (1 << 24, 1 << 29)

    /// - Throws: `ClassificationError.foreignFile` for an archive that is no Keras file or is damaged,
    ///   `.notANetwork` for one with an entry that is missing, damaged or too large.
    init(_ path: String) throws {
        let archive: ZipArchive
        do {
            archive = try ZipArchive(path)
        } catch .unreadable(let reason) {
            throw ClassificationError.unreadableFile(path: path, reason: reason)
        } catch {
            throw ClassificationError.foreignFile(path: path, .damagedArchive)
        }
        func bytes(of name: String, atMost limit: Int) throws -> [UInt8]? {
            guard let entry = archive.entries.last(where: { $0.name == name }) else { return nil }
            do {
                return try archive.bytes(of: entry, limit: limit)
            } catch let fault as ZipFault {
                throw ClassificationError.notANetwork(
                    path: path, reason: "\(name) in it cannot be used: \(fault.reason)")
            } catch let error as FileError {
                throw ClassificationError.unreadableFile(path: path, reason: error.reason)
            }
        }
        guard let configuration = try bytes(of: "config.json", atMost: Self.longest) else {
            throw ClassificationError.foreignFile(path: path, Self.other(archive))
        }
        self.configuration = String(decoding: configuration, as: UTF8.self)
        guard let weights = try bytes(of: "model.weights.h5", atMost: Self.heaviest) else {
            throw ClassificationError.notANetwork(
                path: path, reason: "it has no weights (model.weights.h5)")
        }
        self.weights = weights
        let metadata = try bytes(of: "metadata.json", atMost: Self.longest) ?? []
        version = Self.version(in: metadata)
    }

    /// What an archive without a description of Keras is.
    private static func other(_ archive: ZipArchive) -> ForeignFile {
        let names = archive.entries.map(\.name)
        func has(_ ends: String...) -> Bool {
            names.contains { name in ends.contains { name.hasSuffix($0) } }
        }
        if has("data.pkl", "constants.pkl") { return .pyTorch }
        if has("saved_model.pb") { return .savedModel }
        return has(".npy") ? .numPy : .otherArchive
    }

    private static func version(in metadata: [UInt8]) -> String {
        let text = String(decoding: metadata, as: UTF8.self)
        return text.firstMatch(of: /"keras_version":\s*"([^"]*)"/).map { String($0.output.1) } ?? ""
    }
}

extension ZipEntry {
    fileprivate var name: String { unicodeName ?? String(decoding: rawName, as: UTF8.self) }
}
