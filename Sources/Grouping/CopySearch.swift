import AtlasModel
import Kernels
import Parallel

/// Finds pairs of pictures whose model vectors correlate under one of the eight symmetries, exactly.
///
/// Vectors are 62 MB for 26,398 pictures, so the chosen ones are not copied: `pictures` says where they are.
struct CopySearch: Sendable {
    private let vectors: ModelVectors
    private let pictures: [Int]
    private let encoder: CodeEncoder
    /// Sums and spreads of the vectors of `pictures`, which the symmetries do not change.
    private let sums: [Int32]
    private let spreads: [Double]
    private let blocks: [CodeBlock]
    private let correlation: Double

    /// Pictures in a block.
    private static let block = 512
    /// Pictures that are enough to compute directions from: 19 MB as numbers.
    private static let sample = 2_048

    /// - Parameters:
    ///   - pictures: indices of the vectors that are compared, each once.
    ///   - correlation: what the vectors have to reach.
    init(
        _ pictures: [Int], of vectors: ModelVectors, reaching correlation: Double, workers: Workers
    ) throws {
        self.vectors = vectors
        self.pictures = pictures
        self.correlation = correlation
        let step = max(1, pictures.count / Self.sample)
        let sample = stride(from: 0, to: pictures.count, by: step).map { pictures[$0] }
        let encoder = try CodeEncoder(CentredRows(sample, of: vectors, symmetry: 0))
        self.encoder = encoder
        let parts = try workers.map((pictures.count + Self.block - 1) / Self.block) { block in
            KernelThreads.use(1)
            let rows = CentredRows(
                Array(pictures[Self.range(block, pictures.count)]), of: vectors, symmetry: 0)
            let codes = CodeBlock(
                try encoder.codes(of: rows), reaching: correlation, encoder)
            return (rows.sums, rows.spreads, codes)
        }
        sums = parts.flatMap(\.0)
        spreads = parts.flatMap(\.1)
        blocks = parts.map(\.2)
    }

    private static func range(_ block: Int, _ count: Int) -> Range<Int> {
        block * self.block..<min(count, (block + 1) * self.block)
    }

    /// The pairs, each once, as places in `pictures`: the earlier one first, sorted.
    /// - Parameters:
    ///   - first: pairs of which both are before this place are left out.
    ///   - share: of the later pictures of the pairs.
    func pairs(from first: Int, _ share: Share = .whole, workers: Workers) throws -> [(
        a: Int, b: Int
    )] {
        let own = share.triangularRange(of: blocks.count)
        let before = max(own.lowerBound, first / Self.block)
        let count = own.upperBound - before
        // The later blocks have more to be compared with, so they come first.
        let found = try workers.map(max(0, count) * ModelVectors.symmetries) { task in
            KernelThreads.use(1)
            return try pairs(
                ofBlock: before + count - 1 - task / ModelVectors.symmetries,
                turnedBy: task % ModelVectors.symmetries)
        }
        return Set(found.flatMap(\.self)).filter { $0[1] >= first }
            .map { (a: $0[0], b: $0[1]) }.sorted { $0 < $1 }
    }

    /// The symmetry that makes picture `b` most like `a`: of equal ones the first.
    static func best(_ a: Int, _ b: Int, in vectors: ModelVectors) -> (
        turn: Int, correlation: Double
    ) {
        let one = Array(vectors[a])
        var best = (turn: 0, correlation: -Double.infinity)
        for turn in 0..<ModelVectors.symmetries {
            let found = Overlap(one, vectors.transformed(b, by: turn), .none).correlation
            if found > best.correlation { best = (turn, found) }
        }
        return best
    }

    /// The pairs of a later picture in a block, turned, with all earlier ones.
    private func pairs(ofBlock number: Int, turnedBy symmetry: Int) throws -> [[Int]] {
        let own = Self.range(number, pictures.count)
        let codes = try encoder.codes(
            of: CentredRows(Array(pictures[own]), of: vectors, symmetry: symmetry))
        var products = [Int32](
            repeating: 0, count: own.count * Self.block + CodeBlock.room)
        var scratch: [Float] = []
        var found: [[Int]] = []
        var (turned, copied): ([UInt8], Int) = ([], -1)
        for other in 0...number {
            let first = Self.range(other, pictures.count).lowerBound
            try blocks[other].multiply(
                codes.bytes, 0..<own.count, into: &products, scratch: &scratch)
            blocks[other].forEachCandidate(products, slacks: codes.slacks[...]) { row, column in
                let (a, b) = (first + column, own.lowerBound + row)
                guard a < b, spreads[a] > 0, spreads[b] > 0 else { return }
                if copied != b {
                    (turned, copied) = (vectors.transformed(pictures[b], by: symmetry), b)
                }
                if correlation(a, b, turned) >= correlation { found.append([a, b]) }
            }
        }
        return found
    }

    /// Pearson correlation of the picture at a place and the turned form of another one, from exact sums.
    private func correlation(_ a: Int, _ b: Int, _ turned: [UInt8]) -> Double {
        let length = ModelVectors.length
        let product = vectors.bytes.withUnsafeBufferPointer { bytes in
            turned.withUnsafeBufferPointer { turned in
                var sum: Int32 = 0
                let own = pictures[a] * length
                for i in 0..<length { sum &+= Int32(bytes[own + i]) &* Int32(turned[i]) }
                return sum
            }
        }
        let covariance = Double(length * Int(product) - Int(sums[a]) * Int(sums[b]))
        return covariance / (spreads[a] * spreads[b]).squareRoot()
    }
}
