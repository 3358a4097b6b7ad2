import AtlasModel
import Parallel
import Testing

@testable import Similarity

/// Expected values: the mean over all pairs in two passes, and choices made by hand.
@Suite struct ExemplarTests {
    /// Noise, and one grey picture, which correlates with nothing.
    private static let vectors: ModelVectors = {
        var random = SplitMix64(seed: 7)
        var bytes = (0..<7 * ModelVectors.length).map { _ in UInt8(random.below(256)) }
        // Some structure, or all distances are 1.
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

    @Test func `Medoid, typical, extreme and doubtful are chosen by rank`() {
        let members = Array(10..<26)
        // Distances rise along the members, but for the first two, which are equally far.
        let distances = [0.9, 0.9] + (2..<16).map { 0.1 + Double($0) / 100 }
        let margins = (0..<16).map { Float($0 == 5 ? 0.01 : $0 == 9 ? 0.02 : 0.5) }
        let chosen = Exemplars(members: members, meanDistances: distances, margins: margins)
        #expect(chosen.medoid == 12)
        #expect(chosen.typical == [13, 14, 15, 16, 17, 18])
        #expect(chosen.extreme == [10, 11, 25, 24, 23, 22])
        #expect(chosen.doubtful == [15, 19, 10, 11, 12, 13])
    }

    @Test(
        arguments: [
            ([], nil, [], []), ([4], 4, [], []), ([4, 5], 4, [], [5]), ([4, 5, 6], 4, [5], [6]),
        ] as [([Int], Int?, [Int], [Int])])
    func `A small group is shared between typical and extreme`(
        members: [Int], medoid: Int?, typical: [Int], extreme: [Int]
    ) {
        let chosen = Exemplars(
            members: members, meanDistances: members.map(Double.init),
            margins: members.map { _ in 1 })
        #expect(chosen.medoid == medoid)
        #expect(chosen.typical == typical)
        #expect(chosen.extreme == extreme)
        #expect(chosen.doubtful == members)
    }

    @Test func `The margin lies between the two highest probabilities`() {
        #expect(abs(Prediction(probabilities: [0.2, 0.5, 0.3]).margin - 0.2) < 1e-6)
        #expect(Prediction(probabilities: [0.5, 0.5]).margin == 0)
        #expect(Prediction(probabilities: [1]).margin == 1)
    }
}
