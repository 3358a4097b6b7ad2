import AtlasModel
import Parallel
import Similarity
import Testing

@Suite("Look-alikes within a cluster")
struct ClusterScopeTests {
    /// A slower reference: every target in every turn, if the turned target is in the cluster of
    /// the candidate.
    private func expected(_ vectors: ModelVectors, _ model: KMeansModel, candidate: Int) throws
        -> [Match]
    {
        let workers = Workers(1)
        let own = try model.assignments(of: vectors, workers: workers)[candidate]
        var best: [Int: Match] = [:]
        for turn in 0..<4 {
            let clusters = try model.assignments(
                of: vectors, quarterTurns: turn, workers: workers)
            for target in 0..<vectors.count where target != candidate && clusters[target] == own {
                let match = Match(
                    target: target,
                    distance: distance(
                        Array(vectors[candidate]), vectors.turned(target, quarterTurns: turn)),
                    rotation: 90 * turn)
                if best[target].map({ match.distance < $0.distance }) ?? true {
                    best[target] = match
                }
            }
        }
        return best.values.sorted { ($0.distance, $0.target) < ($1.distance, $1.target) }
    }

    @Test("A target is compared in those turns in which it lies in the candidate's cluster")
    func turned() throws {
        let vectors = noise(36, seed: 31)
        let model = try KMeansModel.fit(
            vectors, KMeansSettings(k: 4...4, restarts: 2, rotations: true), workers: Workers(2)
        ).model
        let found = try CorrelationSearch(
            vectors, kmeans: model, rotations: true, workers: Workers(2)
        ).neighbours(top: 36, workers: Workers(2), progress: nil)
        let matches = try #require(found[.cluster])
        for candidate in stride(from: 0, to: 36, by: 5) {
            let wanted = try expected(vectors, model, candidate: candidate)
            #expect(matches[candidate].map(\.target) == wanted.map(\.target))
            #expect(matches[candidate].map(\.rotation) == wanted.map(\.rotation))
        }
    }
}
