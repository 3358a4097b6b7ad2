import AtlasModel
import Classification
import Fingerprint
import Foundation
import Similarity
import Testing

@testable import Atlas

@Suite("Keys of the cache")
struct CacheKeyTests {
    /// With every part of a recipe that may be missing.
    private static let training = {
        var settings = TrainingSettings(epochs: 5, batchSize: 16, seed: 3, threads: 2)
        settings.recipe.crops = CropRecipe()
        settings.recipe.open = OpenLength()
        return settings
    }()

    /// One change of each setting that a network depends on.
    private static let trainingChanges: [@Sendable (inout TrainingSettings) -> Void] = [
        { $0.epochs += 1 }, { $0.batchSize += 1 }, { $0.seed += 1 }, { $0.threads += 1 },
        { $0.recipe.rate = $0.recipe.rate.nextUp }, { $0.recipe.weightDecay *= 2 },
        { $0.recipe.warmUp = $0.recipe.warmUp.nextUp }, { $0.recipe.smoothing += 0.1 },
        { $0.recipe.shift += 1 }, { $0.recipe.averaging = $0.recipe.averaging.nextUp },
        { $0.recipe.crops?.smallest += 0.1 }, { $0.recipe.crops?.light += 0.1 },
        { $0.recipe.crops?.tint += 0.1 }, { $0.recipe.open?.patience += 1 },
        { $0.recipe.open?.fall += 0.1 },
    ]

    private func digest(_ settings: TrainingSettings, revision: Int = 1) -> Fingerprint {
        CacheKey(.train, revision: revision, settings.keyFields).digest
    }

    @Test("Each changed training setting changes the key", arguments: trainingChanges.indices)
    func trainingSetting(number: Int) {
        var settings = Self.training
        Self.trainingChanges[number](&settings)
        #expect(digest(settings) != digest(Self.training))
    }

    @Test("The key of a network has every training setting, and the test above changes each")
    func everyTrainingSetting() {
        // `recipe` is one stored property of the settings, but it has several settings, and so have its
        // parts.
        func count(_ value: Any) -> Int { Mirror(reflecting: value).children.count }
        let settings = count(Self.training) - 1
        let recipe =
            count(Self.training.recipe) - 2 + count(CropRecipe()) + count(OpenLength())
        #expect(Self.training.keyFields.count == settings + recipe)
        #expect(Self.trainingChanges.count == settings + recipe)
    }

    @Test("A raised revision changes the key")
    func revision() {
        #expect(digest(Self.training, revision: 2) != digest(Self.training))
    }

    private static let fitting = KMeansSettings(k: 1...10, restarts: 10, seed: 0, rotations: false)
    private static let otherFittings = [
        KMeansSettings(k: 2...10, restarts: 10, seed: 0, rotations: false),
        KMeansSettings(k: 1...9, restarts: 10, seed: 0, rotations: false),
        KMeansSettings(k: 1...10, restarts: 9, seed: 0, rotations: false),
        KMeansSettings(k: 1...10, restarts: 10, seed: 1, rotations: false),
        KMeansSettings(k: 1...10, restarts: 10, seed: 0, rotations: true),
    ]

    @Test("Each changed setting of K-Means changes the key", arguments: otherFittings.indices)
    func fittingSetting(number: Int) {
        let pictures = Fingerprint(of: "pictures")
        let key = Stage<FittedClusters>.key(pictures: pictures, Self.fitting)
        let other = Stage<FittedClusters>.key(pictures: pictures, Self.otherFittings[number])
        #expect(key.digest != other.digest)
    }

    @Test("The key of K-Means has every setting, and the pictures")
    func everyFittingSetting() {
        let key = Stage<FittedClusters>.key(pictures: Fingerprint(of: "a"), Self.fitting)
        #expect(key.fields.count == Mirror(reflecting: Self.fitting).children.count + 1)
        let other = Stage<FittedClusters>.key(pictures: Fingerprint(of: "b"), Self.fitting)
        #expect(key.digest != other.digest)
    }

    /// The neighbours of two pictures by the model vectors, and one change of each field of the key.
    private static let neighbours = NeighboursFields()
    private static let neighboursChanges: [@Sendable (inout NeighboursFields) -> Void] = [
        { $0.pictures = Fingerprint(of: "other pictures") }, { $0.keys = ["a", "c"] },
        { $0.groups = Fingerprint(of: "other groups") },
        { $0.settings.top += 1 }, { $0.settings.rotations = true },
        { $0.table = .pixels(id: "texture") }, { $0.table = .pixels(revision: 2) },
        { $0.models = [.pairwise] }, { $0.basis[0] = .init(name: "centroids", value: .text("b")) },
    ]

    @Test(
        "Each change of what neighbours depend on changes the key",
        arguments: neighboursChanges.indices)
    func neighboursField(number: Int) {
        var fields = Self.neighbours
        Self.neighboursChanges[number](&fields)
        #expect(fields.key.digest != Self.neighbours.key.digest)
    }

    @Test("The key of neighbours has no other field, and the words of a model are none")
    func everyNeighboursField() {
        #expect(Self.neighbours.key.fields.count == Self.neighboursChanges.count)
        var reworded = Self.neighbours
        reworded.table = .pixels(title: "Reworded")
        #expect(reworded.key.digest == Self.neighbours.key.digest)
    }

    @Test("Values of different kinds, names and order of fields are told apart")
    func kinds() {
        let keys = [
            CacheKey(.cluster, revision: 1, ["a": .text("1")]),
            CacheKey(.cluster, revision: 1, ["a": .integer(1)]),
            CacheKey(.cluster, revision: 1, ["a": .unsigned(1)]),
            CacheKey(.cluster, revision: 1, ["a": .real(1)]),
            CacheKey(.cluster, revision: 1, ["a": .flag(true)]),
            CacheKey(.cluster, revision: 1, ["a": .text("true")]),
            CacheKey(.cluster, revision: 1, ["a": .range(1...1)]),
            CacheKey(.cluster, revision: 1, ["a": .texts(["1"])]),
            CacheKey(.cluster, revision: 1, ["a": .texts(["1", "2"])]),
            CacheKey(.cluster, revision: 1, ["a": .texts(["12"])]),
            CacheKey(.cluster, revision: 1, ["b": .text("1")]),
            CacheKey(.cluster, revision: 1, ["a": .text("1"), "b": .text("1")]),
            CacheKey(.cluster, revision: 1, ["b": .text("1"), "a": .text("1")]),
            CacheKey(.dataset, revision: 1, ["a": .text("1")]),
            CacheKey(.cluster, revision: 11, ["a": .text("1")]),
        ]
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test("A raised revision makes an entry again, and reworded remarks do not")
    func madeAgain() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-keys-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var context = BuildContext(
            Run(narrator: .silent), settings: AtlasSettings(), workspace: try Workspace(folder))
        func stage(revision: Int, makes text: String) -> Stage<String> {
            Stage(
                .cluster,
                cachedIn: CacheEntry(
                    file: "value.txt",
                    key: CacheKey(.cluster, revision: revision, ["k": .integer(3)]),
                    read: { try String(contentsOfFile: $0, encoding: .utf8) },
                    write: { try $0.write(toFile: $1, atomically: true, encoding: .utf8) }),
                make: { _ in text })
        }
        #expect(try context.run(stage(revision: 1, makes: "first")) { _ in "fitted" } == "first")
        #expect(try context.run(stage(revision: 1, makes: "second")) { _ in "made" } == "first")
        #expect(try context.run(stage(revision: 2, makes: "third")) == "third")
        #expect(context.reused == [.cluster: 1])
    }
}

/// The values that the key of neighbours is made from.
private struct NeighboursFields: Sendable {
    var pictures = Fingerprint(of: "pictures")
    var keys = ["a", "b"]
    var groups = Fingerprint(of: "groups")
    var table = LikenessTable.pixels()
    var models: [LikenessModel] = [.kmeans, .pairwise]
    var basis: [CacheKey.Field] = [.init(name: "centroids", value: .text("a"))]
    var settings = AtlasSettings()

    var key: CacheKey {
        Stage<FoundNeighbours>.key(
            of: table.passes(for: models)[0], pictures: pictures, keys: keys, groups: groups,
            basis: basis, settings)
    }
}

extension LikenessTable {
    /// K-Means and Pairwise for a view.
    fileprivate static func pixels(
        id: String = "pixels", revision: Int = 1, title: String = "Model"
    ) -> LikenessTable {
        let view = LikenessView(
            id: id, measure: .correlation, scopes: [.cluster, .collection], entry: "n.h5",
            revision: revision)
        let words = LikenessWords(panel: { _ in title }, choice: { _ in title }, colophon: title)
        return LikenessTable(
            [LikenessModel.kmeans, .pairwise].map { model in
                LikenessEntry(
                    LikenessModel(
                        id: model.id, title: title, view: view, scope: model.scope, words: words)
                ) {
                    try CorrelationSearch(
                        $0.vectors, kmeans: nil, rotations: false, workers: $0.workers)
                }
            })
    }
}
