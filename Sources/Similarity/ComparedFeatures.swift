package import AtlasModel
package import Parallel

/// What a view compares of the pictures of a collection: a row of numbers for each picture, by the
/// cosine distance. Searches and K-Means share it, so that it is computed once.
package struct ComparedFeatures: Sendable {
    /// Gives the features of candidates, in their order.
    package typealias Description = @Sendable (LikenessCandidates) throws -> FeatureVectors

    /// Of the collection, in key order, not turned.
    package let rows: FeatureVectors
    /// Gives the features of candidates that need not belong to the collection.
    package let describe: Description
    /// Quarter turns in which targets are compared.
    let turns: Range<Int>
    /// Of the collection, for turned pictures; empty when pictures are not turned.
    private let vectors: ModelVectors
    private let extract: EmbeddingSearch.Extraction

    /// Number of pictures whose features are computed together. It limits the memory for rotated
    /// pictures.
    static let block = 4096

    /// Features that are computed from model vectors.
    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - rotations: whether targets may be rotated.
    ///   - progress: in pictures.
    /// - Throws: any error of `extract`.
    package init(
        of vectors: ModelVectors, rotations: Bool, progress: ProgressReport? = nil,
        extract: @escaping EmbeddingSearch.Extraction
    ) throws {
        var values: [Float] = []
        var width = 1
        for block in Self.blocks(of: vectors.count) {
            let part = try extract(vectors.selecting(Array(block)))
            width = part.width
            if values.isEmpty { values.reserveCapacity(vectors.count * width) }
            values += part.values
            progress?(block.upperBound, vectors.count)
        }
        rows = FeatureVectors(values: values, width: width)
        describe = { try extract($0.vectors) }
        turns = rotations ? 0..<4 : 0..<1
        self.vectors = rotations ? vectors : ModelVectors(bytes: [])
        self.extract = extract
    }

    /// Features that are known and stay the same when pictures are turned.
    package init(_ rows: FeatureVectors, describe: @escaping Description) {
        self.rows = rows
        self.describe = describe
        turns = 0..<1
        vectors = ModelVectors(bytes: [])
        extract = { _ in preconditionFailure("Nothing is turned.") }
    }

    private init(
        rows: FeatureVectors, describe: @escaping Description, turns: Range<Int>,
        vectors: ModelVectors, extract: @escaping EmbeddingSearch.Extraction
    ) {
        self.rows = rows
        self.describe = describe
        self.turns = turns
        self.vectors = vectors
        self.extract = extract
    }

    /// The same of the pictures at `indices`, in that order.
    func selecting(_ indices: [Int]) -> ComparedFeatures {
        ComparedFeatures(
            rows: rows.selecting(indices), describe: describe, turns: turns,
            vectors: vectors.count == 0 ? vectors : vectors.selecting(indices), extract: extract)
    }

    /// The features of a range of pictures, turned counter-clockwise.
    /// - Parameter quarterTurns: one of `turns`.
    func rows(_ range: Range<Int>, quarterTurns: Int) throws -> FeatureVectors {
        if quarterTurns == 0 { return rows.selecting(Array(range)) }
        let turned = range.flatMap { vectors.turned($0, quarterTurns: quarterTurns) }
        return try extract(ModelVectors(bytes: turned))
    }

    /// The features in all turns, first those of all pictures that are not turned.
    func allTurns() throws -> FeatureVectors {
        guard turns.count > 1 else { return rows }
        var values = rows.values
        for turn in turns.dropFirst() {
            for block in Self.blocks(of: rows.count) {
                values += try rows(block, quarterTurns: turn).values
            }
        }
        return FeatureVectors(values: values, width: rows.width)
    }

    static func blocks(of count: Int, size: Int = block) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
    }
}
