import AtlasModel
import Foundation
import HDF5
import Testing

@testable import Classification

@Suite("The fused classifier")
struct FusedClassifierTests {
    private let textures = TextureClassifier(
        classes: ["a", "b"],
        settings: TextureSettings(rate: 1, penalty: 1, sharpness: 1, share: 1),
        landmarks: TextureVectors(
            FeatureVectors(values: [0, 1], width: 2), parts: [.init(0..<2, weight: 1)]),
        coefficients: Matrix(rows: 1, columns: 2, values: [1, -1]), intercepts: [0, 0],
        temperature: 1, trainingDigests: ["0"])

    private func network(classes: [String] = ["a", "b"], temperature: Double = 1) -> Network {
        Network(
            architecture: Architecture(
                name: "small",
                layers: [Architecture.Kind.globalAveragePooling, .dense(2), .softmax].enumerated()
                    .map { .init(name: "layer_\($0)", kind: $1) }),
            classes: classes, values: [1, 0, 0, 1, 0, 0, 0, 0], statistics: [],
            temperature: temperature, trainingDigests: ["0"], origin: nil)
    }

    private func predictions(_ first: [Float]) -> [Prediction] {
        first.map { Prediction(probabilities: [$0, 1 - $0]) }
    }

    /// Worked by hand: √(0.8 · 0.5) to √(0.2 · 0.5) is 2 to 1. With a temperature of 2 the network's (0.8,
    /// 0.2) becomes (2, 1) / 3, and √(0.8 · 2) to √(0.2 · 1) is √8 to 1.
    @Test(
        "Probabilities are the weighted geometric mean of the calibrated ones",
        arguments: [
            (0.5, 1, 0.5, 2.0 / 3), (1, 1, 0.5, 0.8), (0, 1, 0.5, 0.5),
            (0.5, 2, 0.8, 8.0.squareRoot() / (8.0.squareRoot() + 1)),
        ] as [(Double, Double, Float, Double)])
    func mixture(weight: Double, temperature: Double, other: Float, expected: Double) {
        let fused = FusedClassifier(
            textures, network(temperature: temperature), weight: weight, temperature: 1)
        let found = fused.predictions((predictions([0.8]), predictions([other])))
        #expect(abs(Double(found[0].probabilities[0]) - expected) < 1e-6)
    }

    /// One part is right for three pictures of four, and the other says the same of both labels and of what the
    /// first gets right or wrong. So it tells nothing, and the best weight for it is none.
    @Test("The part that tells something gets the weight", arguments: [true, false])
    func weight(texturesTell: Bool) {
        let labels = (0..<16).map { $0 % 2 }
        let telling = predictions(
            labels.enumerated().map { ($1 == 0) == ($0 / 2 % 4 != 0) ? 0.8 : 0.2 })
        let noise = predictions((0..<16).map { $0 < 8 ? 0.7 : 0.3 })
        let fused = FusedClassifier(
            textures, network(), parts: texturesTell ? (telling, noise) : (noise, telling),
            labels: labels)
        #expect(fused.weight == (texturesTell ? 1 : 0))
    }

    @Test("Without dev pictures it is the classifier of textures")
    func noDev() {
        let fused = FusedClassifier(textures, network(), parts: ([], []), labels: [])
        #expect(fused.weight == 1 && fused.temperature == 1)
    }

    /// In each fold another part is right, so the other fold's weight is wrong for every picture.
    @Test("A dev picture is predicted with the weight of the other folds")
    func crossValidation() {
        let labels = [0, 1, 0, 1, 0, 1, 0, 1]
        let ofTextures = predictions([0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.9])
        let ofNetwork = predictions([0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9, 0.1])
        let fused = FusedClassifier(
            textures, network(), parts: (ofTextures, ofNetwork), labels: labels)
        let found = fused.crossValidated(
            parts: (ofTextures, ofNetwork), labels: labels, folds: [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(zip(found, labels).allSatisfy { $0.predicted != $1 })
    }

    @Test("Its file gives it back, and names what is damaged")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "f.h5").path
        let fused = FusedClassifier(textures, network(), weight: 0.7, temperature: 1.5)
        try fused.save(to: path)
        #expect(try Classifier.load(path) == .fused(fused))
        for (facts, other) in [
            ("{\"temperature\":1,\"weight\":1.5}", network()), ("{}", network()),
            ("{\"temperature\":1,\"weight\":1}", network(classes: ["a", "c"])),
        ] {
            try HDF5File.write(path) { file in
                try file.attribute("geoatlas-fused", facts)
                try other.write(to: file)
                try textures.write(to: file)
            }
            #expect(throws: ClassificationError.self) { try Classifier.load(path) }
        }
    }
}
