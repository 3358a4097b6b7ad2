import AtlasModel
import Classification
import Foundation
import HDF5
import Statistics
import Testing

/// Pictures of two classes: class 0 has a bright vertical stripe, class 1 has none.
func striped(_ count: Int, seed: UInt64) -> LabelledPictures {
    var state = seed
    func next() -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 40)
    }
    var bytes: [UInt8] = []
    let labels = (0..<count).map { $0 % 2 }
    for label in labels {
        let (column, dark) = (4 + next() % 20, UInt8(next() % 60))
        for position in 0..<ModelVectors.length {
            let onStripe = label == 0 && abs(position / 3 % 28 - column) < 2
            bytes.append(onStripe ? 250 : dark + UInt8(next() % 40))
        }
    }
    return LabelledPictures(vectors: ModelVectors(bytes: bytes), labels: labels)
}

@Suite struct TrainingTests {
    /// - Parameter epochs: of six steps each.
    static func trained(_ name: String, epochs: Int = 16, seed: UInt64 = 0) throws -> (
        network: Network, history: [EpochRecord]
    ) {
        let architecture = try #require(Architecture.named(name, classes: 2))
        return try Network.trained(
            architecture,
            on: TrainingData(
                classes: ["striped", "plain"], training: striped(90, seed: 1),
                dev: striped(30, seed: 2), digests: ["b", "a"]),
            settings: TrainingSettings(epochs: epochs, batchSize: 16, seed: seed, threads: 1))
    }

    @Test(
        "A trained network distinguishes two classes in pictures that it has not seen",
        arguments: ["conv1l", "conv2l"])
    func learns(name: String) throws {
        let (network, history) = try Self.trained(name)
        let unseen = striped(40, seed: 3)
        let predictions = try network.predict(unseen.vectors, threads: 1)
        let right = zip(predictions, unseen.labels).count { $0.predicted == $1 }
        #expect(right >= 38)
        #expect(history.map(\.epoch) == Array(1...16))
        let (first, last) = (try #require(history.first), try #require(history.last))
        #expect(last.trainingLoss < first.trainingLoss / 2)
        #expect(network.trainingDigests == ["a", "b"])
        #expect(network.temperature > 0)
        #expect(network.history == history)
    }

    @Test(
        "A network predicts well after a few steps, because statistics are measured at the end")
    func fewSteps() throws {
        let (network, history) = try Self.trained("conv2l", epochs: 2)
        let seen = striped(90, seed: 1)
        let loss = Evaluation(
            classes: network.classes, predictions: try network.predict(seen.vectors, threads: 1),
            labels: seen.labels
        ).loss
        // With running statistics, which lag behind, the loss would be much higher than in
        // training.
        #expect(loss < 1.2 * (try #require(history.last)).trainingLoss)
    }

    @Test("Default settings depend on the size of the collection and on the architecture")
    func suited() throws {
        func suited(_ pictures: Int, _ name: String) throws -> TrainingSettings {
            .suited(
                to: pictures, architecture: try #require(.named(name, classes: 2)), seed: 7,
                threads: 2)
        }
        #expect(try suited(18_000, "conv2l").epochs == 5)
        #expect(try suited(18_000, "deep").epochs > 5)
        #expect(try suited(420, "conv2l").batchSize == 16)
        #expect(try suited(420, "deep").recipe.shift == 2)
        #expect(try suited(18_000, "conv2l").recipe.smoothing == 0)
        #expect(try suited(800, "conv2l").epochs == 32)
        #expect(try suited(18_000, "conv2l").seed == 7)
        #expect(try suited(18_000, "conv2l").threads == 2)
    }

    @Test("Training repeats exactly, and another seed gives another network")
    func repeats() throws {
        let first = try Self.trained("conv2l", epochs: 1)
        let second = try Self.trained("conv2l", epochs: 1)
        #expect(first.network == second.network)
        #expect(first.history == second.history)
        #expect(try Self.trained("conv2l", epochs: 1, seed: 1).network != first.network)
    }

    @Test(
        "A saved network is loaded unchanged and predicts the same", arguments: Architecture.known)
    func file(name: String) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let network = try Self.trained(name, epochs: 1).network
        try network.save(to: path)
        let loaded = try Network.load(path)
        #expect(loaded == network)
        #expect(loaded.architecture.name == name)
        #expect(loaded.classes == ["striped", "plain"])
        let vectors = striped(5, seed: 4).vectors
        #expect(try loaded.predict(vectors, threads: 1) == network.predict(vectors, threads: 1))
    }

    @Test("A prediction does not depend on the other pictures")
    func alone() throws {
        let network = try Self.trained("conv2l", epochs: 1).network
        // Many passes of 16 pictures, and a last pass with fewer.
        let many = striped(300, seed: 5).vectors
        let together = try network.predict(many, threads: 1)
        #expect(together.count == 300)
        for index in [0, 15, 16, 299] {
            let single = try network.predict(many.selecting([index]), threads: 1)
            #expect(together[index] == single[0])
        }
        #expect(try network.predict(ModelVectors(bytes: []), threads: 1) == [])
    }

    @Test("Training without pictures is refused, and an unknown name gives no architecture")
    func refusals() throws {
        let architecture = try #require(Architecture.named("conv1l", classes: 2))
        let none = LabelledPictures(vectors: ModelVectors(bytes: []), labels: [])
        #expect(throws: ClassificationError.noTrainingPictures) {
            try Network.trained(
                architecture,
                on: TrainingData(classes: ["a", "b"], training: none, dev: none, digests: []),
                settings: TrainingSettings(epochs: 1, batchSize: 16, seed: 0, threads: 1))
        }
        #expect(Architecture.named("resnet", classes: 6) == nil)
    }

    @Test("A file without a network is refused, and no handle stays open")
    func otherFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try HDF5File.write(path) { try $0.attribute("model_config", "{\"config\": 5}") }
        #expect(
            throws: ClassificationError.notANetwork(
                path: path, reason: "its description is damaged")
        ) { try Network.load(path) }
        let layer = #"{"class_name": "LSTM", "config": {"name": "memory"}}"#
        try HDF5File.write(path) { try $0.attribute("model_config", "{\"config\": [\(layer)]}") }
        #expect(
            throws: ClassificationError.unknownLayer(path: path, name: "memory", kind: "LSTM")
        ) { try Network.load(path) }
    }
}
