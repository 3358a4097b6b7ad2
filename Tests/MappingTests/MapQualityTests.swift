import AtlasModel
import Foundation
import Parallel
import RandomNumbers
import Testing

@testable import Mapping

private func matches(_ targets: [[Int]]) -> [[Match]] {
    targets.map { $0.map { Match(target: $0, distance: 0.1, rotation: 0) } }
}

@Suite struct PageRankTests {
    /// By `networkx.pagerank(graph, tol=1e-13)` of networkx 3.6.1, alpha 0.85.
    @Test func `Ranks are those of networkx`() {
        let ranks = PageRank.ranks(matches([[1, 2], [2], [0], [2, 0, 1], []]))
        let wanted = [
            0.359_756_72, 0.199_282_15, 0.368_671_97, 0.036_144_58, 0.036_144_58,
        ]
        for (rank, wanted) in zip(ranks, wanted) { #expect(abs(rank - wanted) < 1e-7) }
        #expect(abs(ranks.reduce(0, +) - 1) < 1e-9)
    }

    @Test func `Without targets all pictures are equal, and no picture has no rank`() {
        #expect(PageRank.ranks([[], [], [], []]) == [0.25, 0.25, 0.25, 0.25])
        #expect(PageRank.ranks([]).isEmpty)
    }
}

@Suite struct NearestPointsTests {
    @Test func `The nearest are those of a comparison with all, of equally near ones the first`() {
        var random = SplitMix64(seed: 5)
        let scattered = (0..<200).map { _ in
            SIMD2(Float.random(in: 0..<9, using: &random), Float.random(in: 0..<3, using: &random))
        }
        let cells = (0..<117).map { SIMD2(Float($0 % 11), Float($0 / 11)) }
        let upright = (0..<50).map { SIMD2<Float>(2, Float($0 / 2)) }
        for points in [scattered, cells, upright] {
            let nearest = NearestPoints(points)
            for index in points.indices {
                let all = points.indices.filter { $0 != index }.sorted { left, right in
                    let (a, b) = (points[left] - points[index], points[right] - points[index])
                    return ((a * a).sum(), left) < ((b * b).sum(), right)
                }
                #expect(nearest.nearest(to: index, count: 12) == Array(all.prefix(12)))
            }
        }
        #expect(NearestPoints([[0, 0], [1, 1]]).nearest(to: 0, count: 12) == [1])
        #expect(NearestPoints([[0, 0]]).nearest(to: 0, count: 12).isEmpty)
    }
}

@Suite struct MapQualityTests {
    @Test func `Recall counts targets among as many nearest, each picture the same`() throws {
        let places: [SIMD2<Float>] = [[0, 0], [1, 0], [3, 0], [7, 0]]
        // Of 0: 1 and 2 are nearest, so all are found. Of 1: 0 is nearest, so 3 is not. 2 has no
        // targets. Of 3: 2 and 1 are nearest, so one of two is found.
        let recall = try MapQuality.recall(
            of: places, matches([[2, 1], [3], [], [2, 0]]), workers: Workers(2))
        #expect(recall == (1 + 0 + 0.5) / 3)
        #expect(
            try MapQuality.recall(of: places, matches([[], [], [], []]), workers: Workers(2)) == nil
        )
    }

    @Test func `The sample is all pictures, or each n-th of them`() {
        #expect(MapQuality.sample(of: 5, most: 5) == [0, 1, 2, 3, 4])
        #expect(MapQuality.sample(of: 11, most: 5) == [0, 3, 6, 9])
        #expect(MapQuality.sample(of: 0).isEmpty)
    }

    /// Worked by hand, and by scikit-learn 1.9.1: 1 − 2 / (n k (2n − 3k − 1)) · Σ (rank − k).
    @Test func `Trustworthiness falls by the ranks of those that come near`() throws {
        // Directions in a plane: 0, 10, 25, 45 and 70 degrees.
        let angles: [Double] = [0, 10, 25, 45, 70]
        let features = PlaneFeatures(
            FeatureVectors(
                values: angles.flatMap {
                    [Float(3 * cos($0 * .pi / 180)), Float(3 * sin($0 * .pi / 180))]
                },
                width: 2))
        let same: [SIMD2<Float>] = [[0, 0], [10, 0], [25, 0], [45, 0], [70, 0]]
        // Nearest to 0 is 2 by rank 2, to 1 is 0 by rank 1, to 2 is 0 by rank 3, to 3 is 4 by rank 2, to 4 is 3 by rank 1.
        let other: [SIMD2<Float>] = [[11, 0], [0, 0], [20, 0], [39, 0], [30, 1]]
        let found = try MapQuality.trustworthiness(
            of: [same, other], features, neighbours: 1, workers: Workers(2))
        #expect(found[0] == 1)
        #expect(abs(found[1] - (1 - 2.0 / (5 * 1 * 6) * 4)) < 1e-9)
    }

    @Test func `Pixels are compared by their correlation`() {
        let row = (0..<ModelVectors.length).map { UInt8($0 % 7 * 10) }
        let features = PlaneFeatures(
            ModelVectors(
                bytes: row + row.map { $0 + 40 } + row.map { 200 - $0 }
                    + [UInt8](repeating: 9, count: row.count)))
        func likeness(_ a: Int, _ b: Int) -> Float {
            zip(features.unit(a), features.unit(b)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(likeness(0, 1) - 1) < 1e-5)
        #expect(abs(likeness(0, 2) + 1) < 1e-5)
        #expect(likeness(0, 3) == 0)
    }
}
