import AtlasModel
package import Parallel

/// Parts of a collection that overlap, so that most pictures have their nearest ones in a part of their own: what an
/// approximate search compares exactly.
///
/// K-Means on coarse features of a sample gives the parts; each picture is in those of its two nearest centroids
/// (as the `all_neighbors` of NVIDIA cuVS divides data sets), and, if targets may be rotated, in that of the nearest
/// centroid of each rotation.
package struct OverlappingParts: Sendable {
    /// For each part the indices of its pictures, rising. Parts without pictures are left out.
    package let members: [[Int]]

    /// Raised when the same collection is divided in another way.
    package static let revision = 1
    /// Pictures of a part, without those of the overlap, on average.
    package static let standardSize = 25_000
    /// Parts that a picture belongs to, if it is not turned.
    private static let overlap = 2
    /// Pictures that the centroids are computed from.
    private static let sample = 20_000

    /// Divides a collection by what a view compares.
    /// - Parameters:
    ///   - input: of the view; with the features if it compares some.
    ///   - size: pictures of a part without the overlap, on average.
    /// - Throws: `KernelError`; any error of making features.
    package init(_ input: LikenessInput, size: Int = standardSize, workers: Workers) throws {
        let coarse = CoarseFeatures(input)
        let count = (coarse.count + size - 1) / size
        guard count > 1 else {
            members = coarse.count == 0 ? [] : [Array(0..<coarse.count)]
            return
        }
        let step = max(1, coarse.count / Self.sample)
        let sample = stride(from: 0, to: coarse.count, by: step).map { $0 }
        let features = ComparedFeatures(try coarse.rows(sample, quarterTurns: 0)) { _ in
            preconditionFailure("Nothing else is described.")
        }
        let centroids = try FeatureClusters.fit(
            features, KMeansSettings(k: count...count, restarts: 1), workers: workers)
        let blocks = ComparedFeatures.blocks(of: coarse.count)
        let parts = try workers.map(blocks.count) { block in
            let pictures = Array(blocks[block])
            let own = centroids.nearest(
                Self.overlap, to: try coarse.rows(pictures, quarterTurns: 0))
            let turned = try coarse.turns.dropFirst().map {
                centroids.nearest(1, to: try coarse.rows(pictures, quarterTurns: $0))
            }
            return pictures.indices.map { row in
                Set(own[row] + turned.flatMap { $0[row] }).sorted()
            }
        }.flatMap(\.self)
        var members = [[Int]](repeating: [], count: centroids.k)
        for (picture, parts) in parts.enumerated() {
            for part in parts { members[part].append(picture) }
        }
        self.members = members.filter { !$0.isEmpty }
    }
}

/// What tells roughly which pictures are alike in a view: its features, or 7 × 7 mean colours without the mean of
/// the picture for a view that compares pixels.
private struct CoarseFeatures: Sendable {
    let turns: Range<Int>
    private let vectors: ModelVectors
    private let compared: ComparedFeatures?

    /// Pixels along a side of the square that becomes one mean colour.
    private static let square = 4
    private static let side = ModelVectors.side / square

    init(_ input: LikenessInput) {
        vectors = input.vectors
        compared = input.compared
        turns = input.compared?.turns ?? (input.rotations ? 0..<4 : 0..<1)
    }

    var count: Int { vectors.count }

    /// - Parameter pictures: indices; consecutive ones if they are turned.
    func rows(_ pictures: [Int], quarterTurns: Int) throws -> FeatureVectors {
        if let compared {
            return quarterTurns == 0
                ? compared.rows.selecting(pictures)
                : try compared.rows(
                    pictures[0]..<pictures[0] + pictures.count, quarterTurns: quarterTurns)
        }
        return FeatureVectors(
            values: pictures.flatMap { means(vectors.turned($0, quarterTurns: quarterTurns)) },
            width: Self.side * Self.side * 3)
    }

    private func means(_ vector: [UInt8]) -> [Float] {
        var sums = [Float](repeating: 0, count: Self.side * Self.side * 3)
        for y in 0..<ModelVectors.side {
            for x in 0..<ModelVectors.side {
                let place = (y / Self.square * Self.side + x / Self.square) * 3
                let pixel = (y * ModelVectors.side + x) * 3
                for channel in 0..<3 { sums[place + channel] += Float(vector[pixel + channel]) }
            }
        }
        // The correlation takes no account of the mean over all bytes.
        let mean = sums.reduce(0, +) / Float(sums.count)
        return sums.map { $0 - mean }
    }
}
