import Foundation
import HDF5

extension FusedClassifier {
    /// The attribute of its files with what belongs to neither part.
    static let mark = "geoatlas-fused"

    /// Saves the classifier: the layout of its network and that of its classifier of textures in one file,
    /// and `weight` and `temperature` as JSON in the root attribute `geoatlas-fused`. The same classifier
    /// gives the same bytes.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let facts = try encoder.encode(Facts(weight: weight, temperature: temperature))
        try HDF5File.write(path) { file in
            try file.attribute(Self.mark, String(decoding: facts, as: UTF8.self))
            try network.write(to: file)
            try textures.write(to: file)
        }
    }

    /// Loads a classifier that `save` wrote, equal to the one that was saved; `nil` for a file of another
    /// kind.
    /// - Throws: `ClassificationError` for a file that cannot be read or is damaged; `HDF5Error`.
    static func load(_ path: String) throws -> FusedClassifier? {
        guard let text = try MarkedFile.read(path, mark: mark, { text, _ in text }) else {
            return nil
        }
        let network = try Network.load(path)
        guard let textures = try TextureClassifier.load(path),
            let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8)),
            (0...1).contains(facts.weight), facts.temperature > 0,
            network.classes == textures.classes
        else {
            throw ClassificationError.notANetwork(
                path: path, reason: "its attribute \"\(mark)\" does not fit its two parts")
        }
        return FusedClassifier(
            textures, network, weight: facts.weight, temperature: facts.temperature)
    }

    /// The content of the attribute, as JSON.
    private struct Facts: Codable {
        let weight: Double
        let temperature: Double
    }
}
