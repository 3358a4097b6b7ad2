import AtlasModel
import Parallel
import Similarity
import Testing

/// Simple features: for each of 24 ranges of 98 bytes, the sum minus the mean of all ranges. So the
/// signs differ, and the features of a constant picture are zero.
@Sendable private func stretches(_ vectors: ModelVectors) -> FeatureVectors {
    var values: [Float] = []
    for index in 0..<vectors.count {
        let bytes = Array(vectors[index])
        let sums = (0..<24).map { stretch in
            bytes[stretch * 98..<(stretch + 1) * 98].reduce(0) { $0 + Int($1) }
        }
        let total = sums.reduce(0, +)
        values += sums.map { Float(24 * $0 - total) / 24 }
    }
    return FeatureVectors(values: values, width: 24)
}

/// Cosine distance by its definition.
private func cosineDistance(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Double {
    func product(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    return 1 - product(left, right) / (product(left, left) * product(right, right)).squareRoot()
}

@Suite struct EmbeddingTests {
    private func search(_ vectors: ModelVectors, rotations: Bool = false) throws -> EmbeddingSearch
    {
        try EmbeddingSearch(vectors, rotations: rotations, extract: stretches)
    }

    @Test(
        "Distances and order are those of the definition, for any number of threads",
        arguments: [1, 3])
    func definition(threads: Int) throws {
        let vectors = noise(40, seed: 11)
        let found = try search(vectors).matches(top: 39, workers: Workers(threads))
        let features = stretches(vectors)
        func row(_ index: Int) -> ArraySlice<Float> {
            features.values[index * 24..<(index + 1) * 24]
        }
        for candidate in 0..<40 {
            let expected = (0..<40).filter { $0 != candidate }.map {
                (cosineDistance(row(candidate), row($0)), $0)
            }.sorted { $0 < $1 }
            let matches = found[candidate]
            #expect(matches.map(\.target) == expected.map(\.1))
            for (match, wanted) in zip(matches, expected) {
                #expect(abs(match.distance - wanted.0) < 1e-12)
                #expect(match.rotation == 0)
            }
        }
    }

    @Test(
        "Features far too small or too large for products in single precision rank as others do",
        arguments: [1e-28, 1e28] as [Float])
    func range(scale: Float) throws {
        // The cosine does not change when all features are multiplied by the same number.
        let vectors = noise(40, seed: 17)
        let scaled = try EmbeddingSearch(vectors, rotations: false) { vectors in
            let features = stretches(vectors)
            return FeatureVectors(values: features.values.map { $0 * scale }, width: 24)
        }
        let found = try scaled.matches(top: 3, workers: Workers(1))
        let plain = try search(vectors).matches(top: 3, workers: Workers(1))
        #expect(found.map { $0.map(\.target) } == plain.map { $0.map(\.target) })
    }

    @Test(
        "A copy has distance 0, the earlier key comes first, and zero features have distance 1 to all"
    )
    func ties() throws {
        let two = noise(2, seed: 12)
        let vectors = ModelVectors(bytes: two.bytes + two.bytes + two[0] + vector(77))
        let matches = try search(vectors).matches(top: 9, workers: Workers(1))
        #expect(matches[2].prefix(2).map(\.target) == [0, 4])
        #expect(matches[2].prefix(2).map(\.distance) == [0, 0])
        #expect(matches[5].map(\.target) == [0, 1, 2, 3, 4])
        #expect(matches[5].map(\.distance) == [1, 1, 1, 1, 1])
    }

    @Test("A target appears once, with its best rotation, and no picture is its own target")
    func turns() throws {
        let vectors = noise(6, seed: 13)
        let all = ModelVectors(bytes: vectors.bytes + vectors.turned(0, quarterTurns: 1))
        let matches = try search(all, rotations: true).matches(top: 10, workers: Workers(2))
        #expect(matches[0][0] == Match(target: 6, distance: 0, rotation: 270))
        #expect(matches[6][0] == Match(target: 0, distance: 0, rotation: 90))
        #expect(matches.map(\.count) == [6, 6, 6, 6, 6, 6, 6])
        #expect(matches.allSatisfy { Set($0.map(\.target)).count == $0.count })
        #expect(
            zip(matches.indices, matches).allSatisfy { own, list in
                !list.contains { $0.target == own }
            })
    }

    @Test("Blocks of any number of pictures meet without a gap", arguments: [257, 1025, 4097])
    func blocks(count: Int) throws {
        let half = noise((count + 1) / 2, seed: 14)
        let vectors = ModelVectors(
            bytes: Array((half.bytes + half.bytes).prefix(count * ModelVectors.length)))
        let matches = try search(vectors).matches(top: 1, workers: Workers(2))
        #expect(matches.count == count)
        let twins = (0..<count).filter { $0 < count / 2 || $0 >= half.count }
        #expect(
            twins.allSatisfy { index in
                let twin = index < half.count ? index + half.count : index - half.count
                return matches[index] == [Match(target: twin, distance: 0, rotation: 0)]
            })
    }

    @Test("A candidate from anywhere is compared with all, one of the collection not with itself")
    func candidates() throws {
        let vectors = noise(9, seed: 15)
        let search = try search(vectors)
        let all = try search.matches(top: 4, workers: Workers(1))
        let own = try search.targets(
            of: vectors.selecting([3]), excluding: { _ in 3 }, top: 4, workers: Workers(1))
        #expect(own == [.collection: [all[3]]])
        let file = try search.targets(
            of: vectors.selecting([3]), excluding: { _ in nil }, top: 4, workers: Workers(1))
        let found = try #require(file[.collection])[0]
        #expect(found[0] == Match(target: 3, distance: 0, rotation: 0))
        #expect(Array(found.dropFirst()) == Array(all[3].prefix(3)))
    }

    @Test("K-Means and Pairwise give single candidates the same targets as all pictures")
    func correlation() throws {
        let vectors = noise(30, seed: 16)
        let model = try KMeansModel.fit(
            vectors, KMeansSettings(k: 2...2, restarts: 2), workers: Workers(1)
        ).model
        let search = try CorrelationSearch(
            vectors, kmeans: model, rotations: true, workers: Workers(1))
        let all = try search.neighbours(top: 5, workers: Workers(1), progress: nil)
        let single = try search.targets(
            of: vectors.selecting([7, 8]), excluding: { $0 + 7 }, top: 5, workers: Workers(1))
        #expect(Set(all.keys) == [.cluster, .collection])
        #expect(single == all.mapValues { Array($0[7...8]) })
        let alone = try CorrelationSearch(
            vectors, kmeans: nil, rotations: true, workers: Workers(1))
        let found = try alone.neighbours(top: 5, workers: Workers(1), progress: nil)
        #expect(found == [.collection: try #require(all[.collection])])
    }
}
