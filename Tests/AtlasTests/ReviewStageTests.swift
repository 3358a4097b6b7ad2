import AtlasModel
import Foundation
import Similarity
import Synchronization
import Testing

@testable import Atlas

@Suite("The trial of a build")
struct ReviewStageTests {
    private let images = (0..<20).map { index in
        ImageRecord(
            key: "gneiss/\(index + 10)", label: 0, path: "\(index).jpg", width: 28, height: 28,
            byteCount: 1, format: .jpeg, split: .train, digest: "\(index)")
    }

    /// K-Means returns the next picture, Pairwise the previous one.
    private var neighbours: [Neighbours] {
        [(LikenessModel.kmeans, 1), (.pairwise, 19)].map { model, step in
            Neighbours(
                model: model,
                matches: images.indices.map {
                    [Match(target: ($0 + step) % 20, distance: 0.1, rotation: 0)]
                })
        }
    }

    private func catalogue(_ images: [ImageRecord]) -> TrialCollection {
        TrialCollection(
            images: images,
            vectors: ModelVectors(
                bytes: Array(repeating: 100, count: images.count * ModelVectors.length)))
    }

    private func settings(comparisons: Int) -> AtlasSettings {
        var settings = AtlasSettings()
        settings.trial.comparisons = comparisons
        return settings
    }

    private func context(_ run: Run, _ settings: AtlasSettings) -> BuildContext {
        BuildContext(run, settings: settings)
    }

    @Test("The first build draws a trial, the next ones keep it and tell what has left it")
    func kept() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-trial-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let warnings = Warnings()
        let run = Run(narrator: warnings.narrator)
        func plan(_ images: [ImageRecord]) throws -> ReviewPlan? {
            try context(run, settings(comparisons: 20)).trial(
                in: folder, neighbours, catalogue(images))
        }
        let first = try #require(try plan(images))
        // Two are shown again; with one rock type there is none of a wrong type.
        #expect(first.comparisons.count == 22)
        #expect(warnings.all.count == 1)
        #expect(warnings.all[0].contains("Back that folder up"))
        #expect(try plan(images) == first)
        #expect(warnings.all.count == 1)

        // gneiss/29 is a candidate once and a target of its two neighbours.
        let shorter = try #require(try plan(Array(images.dropLast())))
        #expect(shorter.trial == first.trial)
        #expect(shorter.comparisons.count { $0.kind == .normal } == 17)
        // Comparisons that are shown again go with the first ones.
        let hidden = first.comparisons.count - shorter.comparisons.count
        #expect(
            warnings.all.dropFirst() == [
                "the trial in \(folder) is shown without \(hidden) comparisons, because the collection no "
                    + "longer has gneiss/29. \"geoatlas votes close\" ends that trial."
            ])
        #expect(try plan([]) == nil)
        #expect(try plan(images) == first)

        _ = try run.closeTrial(in: folder)
        #expect(try #require(try plan(images)).trial != first.trial)
    }

    @Test("A running trial of other models goes on, and the build says so")
    func otherModels() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-trial-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let warnings = Warnings()
        let run = Run(narrator: warnings.narrator)
        var settings = settings(comparisons: 5)
        let first = try context(run, settings).trial(in: folder, neighbours, catalogue(images))
        settings.models = [.embedding, .pairwise, .kmeans]
        #expect(
            try context(run, settings).trial(in: folder, neighbours, catalogue(images)) == first)
        #expect(
            warnings.all.dropFirst() == [
                "the trial in \(folder) goes on comparing K-Means and Pairwise; \"geoatlas votes "
                    + "close\" ends it, and the next build compares Pairwise and Pairwise on the embedding."
            ])
    }

    @Test("Without comparisons no trial begins")
    func none() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-trial-\(UUID().uuidString)").path
        let plan = try context(Run(narrator: .silent), settings(comparisons: 0)).trial(
            in: folder, neighbours, catalogue(images))
        #expect(plan == nil)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}

/// The warnings of a run.
private final class Warnings: Sendable {
    private let said = Mutex<[String]>([])

    var all: [String] { said.withLock { $0 } }

    var narrator: Narrator {
        Narrator(
            begin: { _ in }, progress: { _, _ in }, end: { _, _, _ in },
            warn: { text in self.said.withLock { $0.append(text) } }, now: { 0 })
    }
}
