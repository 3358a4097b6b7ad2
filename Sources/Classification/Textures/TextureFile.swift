import AtlasModel
import Foundation
import HDF5

extension TextureClassifier {
    /// The attribute of its files with everything but the matrices.
    static let mark = "geoatlas-textures"

    /// Saves the classifier: `landmarks (m, width) float32`, `coefficients (m, classes)
    /// float64`, `intercepts (classes) float64`, and facts as JSON in the root attribute
    /// `geoatlas-textures`. The same classifier gives the same bytes.
    /// - Throws: `HDF5Error.notWritten`.
    package func save(to path: String) throws {
        try HDF5File.write(path) { try write(to: $0) }
    }

    /// Writes what `save` saves.
    func write(to file: borrowing HDF5Writer) throws {
        let facts = Facts(
            classes: classes, settings: settings, temperature: temperature,
            digests: trainingDigests,
            parts: landmarks.parts.map { [$0.range.lowerBound, $0.range.upperBound] },
            weights: landmarks.parts.map(\.weight))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(facts), as: UTF8.self)
        try file.attribute(Self.mark, text)
        try file.numbers(
            "landmarks", landmarks.features.values,
            shape: [landmarks.features.count, landmarks.features.width])
        try file.numbers(
            "coefficients", coefficients.values,
            shape: [coefficients.rows, coefficients.columns])
        try file.numbers("intercepts", intercepts, shape: [intercepts.count])
    }

    /// Loads a classifier that `save` wrote, equal to the one that was saved; `nil` for a file of another
    /// kind.
    /// - Throws: `ClassificationError` for a file that cannot be read or is damaged; `HDF5Error`.
    static func load(_ path: String) throws -> TextureClassifier? {
        try MarkedFile.read(path, mark: mark) { try TextureClassifier($0, $1, path: path) }
    }

    private init(_ text: String, _ file: borrowing HDF5Reader, path: String) throws {
        let damage = ClassificationError.notANetwork(
            path: path, reason: "its attribute \"\(Self.mark)\" does not fit its numbers")
        guard let facts = try? JSONDecoder().decode(Facts.self, from: Data(text.utf8)) else {
            throw damage
        }
        let (landmarks, shape) = try file.numbers("landmarks", as: Float.self)
        let (coefficients, fitted) = try file.numbers("coefficients", as: Double.self)
        let (intercepts, _) = try file.numbers("intercepts", as: Double.self)
        let ranges = facts.parts.map { ($0.first ?? 0, $0.last ?? 0) }
        guard shape.count == 2, shape[0] > 0, shape[1] > 0,
            fitted == [shape[0], facts.classes.count], intercepts.count == facts.classes.count,
            facts.weights.count == ranges.count,
            ranges.allSatisfy({ 0 <= $0 && $0 < $1 && $1 <= shape[1] })
        else { throw damage }
        self.init(
            classes: facts.classes, settings: facts.settings,
            landmarks: TextureVectors(
                FeatureVectors(values: landmarks, width: shape[1]),
                parts: zip(ranges, facts.weights).map { range, weight in
                    TextureVectors.Part(range.0..<range.1, weight: weight)
                }),
            coefficients: Matrix(
                rows: shape[0], columns: facts.classes.count, values: coefficients),
            intercepts: intercepts, temperature: facts.temperature,
            trainingDigests: facts.digests)
    }

    /// The content of the attribute, as JSON.
    private struct Facts: Codable {
        let classes: [String]
        let settings: TextureSettings
        let temperature: Double
        let digests: [String]
        /// The first value of each histogram kind, and the end.
        let parts: [[Int]]
        let weights: [Float]
    }
}
