import AtlasModel
import Parallel
import RandomNumbers
import Similarity
import Testing

/// Searches with targets so near to each other that single precision cannot rank them. The
/// screening must accept every target that the exact ranking may choose.
@Suite("Targets at nearly the same distance")
struct NearTieTests {
    private static let targets = 300

    /// The nearest targets by the definition, in double precision. Their distances differ by more
    /// than the rounding error.
    private func nearest(_ distances: [Double], _ top: Int) throws -> [Int] {
        let order = distances.indices.sorted { distances[$0] < distances[$1] }
        for (near, far) in zip(order.prefix(top), order.dropFirst()) {
            try #require(distances[far] - distances[near] > 1e-13)
        }
        return Array(order.prefix(top))
    }

    /// Features of 64 values near 1, which differ by less than a millionth between targets. So the
    /// cosines differ as little, and sums of 64 products in single precision have errors of the
    /// same size.
    @Test("The embedding ranks them as double precision does")
    func embedding() throws {
        var random = SplitMix64(seed: 21)
        let features = (0..<Self.targets + 1).map { index in
            (0..<64).map { place in
                let shared = 1 + Float(place % 7) / 8
                return index == 0
                    ? 1 + Float(place % 5) / 4
                    : shared + Float.random(in: -1e-6...1e-6, using: &random)
            }
        }
        // The first two bytes of a picture determine its features.
        let vectors = ModelVectors(
            bytes: features.indices.flatMap { vector(1, [0: UInt8($0 / 200), 1: UInt8($0 % 200)]) })
        let search = try EmbeddingSearch(vectors, rotations: false) { pictures in
            FeatureVectors(
                values: (0..<pictures.count).flatMap { index -> [Float] in
                    let bytes = Array(pictures[index].prefix(2))
                    return features[Int(bytes[0]) * 200 + Int(bytes[1])]
                }, width: 64)
        }
        let found = try search.matches(top: 5, workers: Workers(2))[0]
        let distances = (1...Self.targets).map { cosineDistance(features[0], features[$0]) }
        #expect(found.map(\.target) == (try nearest(distances, 5)).map { $0 + 1 })
    }

    private func cosineDistance(_ left: [Float], _ right: [Float]) -> Double {
        func product(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        return 1 - product(left, right) / (product(left, left) * product(right, right)).squareRoot()
    }

    /// Pictures that are nearly white: bytes of 253, 254 and 255. In single precision, sums of
    /// products lose the digits in which the correlations differ.
    @Test("Pairwise ranks nearly white pictures as the definition does", arguments: [1, 5])
    func white(top: Int) throws {
        var random = SplitMix64(seed: 22)
        let pictures = (0...Self.targets).map { _ in
            (0..<ModelVectors.length).map { _ in UInt8.random(in: 253...255, using: &random) }
        }
        let search = try CorrelationSearch(
            ModelVectors(bytes: pictures.flatMap { $0 }), kmeans: nil, rotations: false,
            workers: Workers(2))
        let found = try search.matches(top: top, workers: Workers(2))
        let centred = pictures.map { bytes in
            let mean = Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
            return bytes.map { Double($0) - mean }
        }
        for candidate in stride(from: 0, to: Self.targets, by: 20) {
            let others = pictures.indices.filter { $0 != candidate }
            let distances = others.map { correlationDistance(centred[candidate], centred[$0]) }
            #expect(
                found[candidate].map(\.target) == (try nearest(distances, top)).map { others[$0] })
        }
    }

    private func correlationDistance(_ left: [Double], _ right: [Double]) -> Double {
        var (product, own, other) = (0.0, 0.0, 0.0)
        for place in left.indices {
            product += left[place] * right[place]
            own += left[place] * left[place]
            other += right[place] * right[place]
        }
        return 1 - product / (own * other).squareRoot()
    }
}
