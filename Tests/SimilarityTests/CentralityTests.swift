import AtlasModel
import Parallel
import RandomNumbers
import Testing

@testable import Similarity

/// Expected values: the mean over all pairs in two passes.
@Suite struct CentralityTests {
    /// Noise, and one grey picture, which correlates with no other.
    private static let vectors: ModelVectors = {
        var random = SplitMix64(seed: 7)
        var bytes = (0..<7 * ModelVectors.length).map { _ in UInt8(random.below(256)) }
        // Some structure, because otherwise all distances would be 1.
        for index in 0..<7 {
            for position in 0..<ModelVectors.length / (index + 1) {
                bytes[index * ModelVectors.length + position] /= 2
            }
        }
        return ModelVectors(bytes: bytes + [UInt8](repeating: 90, count: ModelVectors.length))
    }()

    private static let grey = 7

    @Test(arguments: [1, 3])
    func `The mean distance to the others is that of all pairs`(workers: Int) throws {
        let groups = [[0, 2, 3, 6, 7], [5], [], [4, 1]]
        let means = try Centrality.meanDistances(
            Self.vectors, groups: groups, workers: Workers(workers))
        #expect(means.map(\.count) == [5, 1, 0, 2])
        #expect(means[1] == [0])
        for (group, found) in zip(groups, means) where group.count > 1 {
            for (member, mean) in zip(group, found) {
                let distances = group.filter { $0 != member }.map {
                    member == Self.grey || $0 == Self.grey
                        ? 1 : distance(Array(Self.vectors[member]), Array(Self.vectors[$0]))
                }
                let expected = distances.reduce(0, +) / Double(distances.count)
                #expect(abs(mean - expected) < 1e-12)
            }
        }
        #expect(means[0][4] == 1)
    }
}
