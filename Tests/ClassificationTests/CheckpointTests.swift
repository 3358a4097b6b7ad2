import AtlasModel
import Classification
import Foundation
import Parallel
import Synchronization
import Testing

@Suite struct CheckpointTests {
    private static let pictures = 48
    private static let epochs = 4
    /// A recipe that uses every option, with an average that includes all twelve steps.
    private static let recipe = {
        var recipe = Recipe.suited(to: Architecture(name: "deep", layers: []))
        recipe.averaging = 1
        return recipe
    }()

    private static func trained(
        checkpoint: String? = nil, seed: UInt64 = 3, progress: ProgressReport? = nil
    ) throws -> Network {
        let architecture = try #require(Architecture.named("deep", classes: 2))
        return try Network.trained(
            architecture,
            on: TrainingData(
                classes: ["striped", "plain"], training: striped(pictures, seed: 1),
                dev: striped(16, seed: 2), digests: []),
            settings: TrainingSettings(
                epochs: epochs, batchSize: 20, seed: seed, threads: 2,
                recipe: recipe),
            checkpoint: checkpoint, progress: progress
        ).network
    }

    /// A temporary folder, removed after the test.
    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// The number of presented pictures in the first progress report of `body`.
    private static func firstReport(_ body: (@escaping ProgressReport) throws -> Network) rethrows
        -> (network: Network, done: Int)
    {
        let first = Mutex<Int?>(nil)
        let network = try body { done, _ in first.withLock { $0 = $0 ?? done } }
        return (network, first.withLock { $0 } ?? -1)
    }

    /// The checkpoint of a training that was interrupted after it had presented more than two
    /// epochs.
    private static func interrupted(in folder: URL) throws -> URL {
        let running = folder.appending(path: "running.h5")
        let kept = folder.appending(path: "kept.h5")
        _ = try trained(checkpoint: running.path) { done, _ in
            guard done > 2 * pictures, !FileManager.default.fileExists(atPath: kept.path) else {
                return
            }
            try? FileManager.default.copyItem(at: running, to: kept)
        }
        #expect(!FileManager.default.fileExists(atPath: running.path))
        return kept
    }

    @Test(
        "A training continues after its last epoch and gives the same bytes as without an interruption"
    )
    func goesOn() throws {
        try Self.withFolder { folder in
            let whole = try Self.trained()
            let kept = try Self.interrupted(in: folder)
            let resumed = try Self.firstReport {
                try Self.trained(checkpoint: kept.path, progress: $0)
            }
            // The third epoch begins with a step of 20 pictures.
            #expect(resumed.done == 2 * Self.pictures + 20)
            #expect(resumed.network == whole)
            let (one, two) = (folder.appending(path: "1.h5"), folder.appending(path: "2.h5"))
            try whole.save(to: one.path)
            try resumed.network.save(to: two.path)
            #expect(try Data(contentsOf: one) == Data(contentsOf: two))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                    == ["1.h5", "2.h5"])
        }
    }

    @Test("The checkpoint of another training and a damaged one are not used")
    func startsClean() throws {
        try Self.withFolder { folder in
            let kept = try Self.interrupted(in: folder)
            let whole = try Data(contentsOf: kept)
            let other = try Self.firstReport {
                try Self.trained(checkpoint: kept.path, seed: 4, progress: $0)
            }
            #expect(other.done == 20)
            #expect(try other.network == Self.trained(seed: 4))
            for length in [0, 100, whole.count / 2] {
                try whole.prefix(length).write(to: kept)
                let clean = try Self.firstReport {
                    try Self.trained(checkpoint: kept.path, progress: $0)
                }
                #expect(clean.done == 20)
            }
        }
    }

    @Test("A model file states the settings and the history of the training, and no times")
    func origin() throws {
        try Self.withFolder { folder in
            let path = folder.appending(path: "m.h5").path
            try Self.trained().save(to: path)
            let loaded = try Network.load(path)
            #expect(loaded.history.map(\.epoch) == [1, 2, 3, 4])
            #expect(loaded.seed == 3)
            #expect(loaded.threads == 2)
            #expect(loaded.origin?.settings.recipe == Self.recipe)
            let best = loaded.history.min { ($0.devLoss ?? 0) < ($1.devLoss ?? 0) }
            #expect(loaded.origin?.keptEpoch == best?.epoch)
            let told = try #require(loaded.recipeDescription)
            for part in ["4 epochs in steps of 20", "0.003", "2 pixels", "smoothed by 0.1"] {
                #expect(told.contains(part), "\(told)")
            }
        }
    }
}
