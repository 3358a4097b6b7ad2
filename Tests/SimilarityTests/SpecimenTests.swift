import AtlasModel
import Parallel
import Testing

@testable import Similarity

/// Targets with specimens are those without, from which the pictures of the same specimen were taken
/// out: all targets are computed without specimens, and filtered.
@Suite struct SpecimenTests {
    private let workers = Workers(2)
    private static let pictures = noise(90, seed: 11)
    private static let names = (0..<90).map { $0 % 5 == 0 ? "a" : $0 % 7 == 0 ? "b" : "" }

    private func filtered(_ matches: [[Match]], top: Int) -> [[Match]] {
        matches.enumerated().map { index, list in
            Array(
                list.filter {
                    Self.names[index].isEmpty || Self.names[index] != Self.names[$0.target]
                }.prefix(top))
        }
    }

    @Test("Pixels, in clusters and in the collection", arguments: [false, true])
    func pixels(rotations: Bool) throws {
        let model = try KMeansModel.fit(
            Self.pictures, KMeansSettings(k: 2...2, restarts: 2, rotations: rotations),
            workers: workers
        ).model
        func search(_ specimens: Specimens, top: Int) throws -> FoundTargets {
            try CorrelationSearch(
                Self.pictures, kmeans: model, rotations: rotations, specimens: specimens,
                workers: workers
            ).neighbours(top: top, workers: workers, progress: nil)
        }
        let all = try search(.none, top: 90)
        let found = try search(Specimens(Self.names), top: 6)
        for (scope, matches) in all { #expect(found[scope] == filtered(matches, top: 6)) }
        #expect(found.count == 2)
    }

    @Test("Features of a network")
    func features() throws {
        func search(_ specimens: Specimens, top: Int) throws -> FoundTargets {
            try EmbeddingSearch(Self.pictures, rotations: false, specimens: specimens) { pictures in
                FeatureVectors(
                    values: pictures.bytes.enumerated().filter { $0.offset % 98 == 0 }
                        .map { Float($0.element) + 1 }, width: 24)
            }.neighbours(top: top, workers: workers, progress: nil)
        }
        let all = try search(.none, top: 90)
        let found = try search(Specimens(Self.names), top: 6)
        #expect(found == all.mapValues { filtered($0, top: 6) })
    }
}
