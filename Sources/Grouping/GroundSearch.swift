package import AtlasModel
import Kernels
package import Parallel
import Synchronization

/// Finds all pairs of pictures that show the same ground, shifted by up to 7 of 28 pixels.
///
/// The central patch of every picture is compared with every patch of every other. Three bounds
/// exclude nearly all of them and none that counts (`docs/groups.md` derives them): sums of bytes that
/// differ too much, products of codes that are too small (`CodeEncoder`), and the exact correlation of
/// the patches. What is left is compared over the whole common area, in exact sums. So the result
/// depends neither on the number of threads nor on the processor.
package struct GroundSearch: Sendable {
    private let vectors: ModelVectors
    private let encoder: CodeEncoder
    /// The central patches, by rising sum of bytes.
    private let centres: [CentreBlock]

    /// Central patches in a block: with `rows` of them, the products are 1 MB, which fits in the cache.
    private static let columns = 512
    /// CentredRows that are compared with a block at once.
    private static let rows = 512
    /// Pictures whose patches are sorted together, so that a run of `rows` has almost one brightness.
    private static let pictures = 128

    package init(_ vectors: ModelVectors, workers: Workers) throws {
        self.vectors = vectors
        let encoder = try CodeEncoder(Self.sample(of: vectors))
        self.encoder = encoder
        let sorted = Self.sortedCentres(of: vectors)
        centres = try workers.map((sorted.count + Self.columns - 1) / Self.columns) { block in
            KernelThreads.use(1)
            let range = block * Self.columns..<min(sorted.count, (block + 1) * Self.columns)
            return try CentreBlock(vectors, sorted[range].map(\.picture), encoder)
        }
    }

    /// Central patches all over the collection, enough for good directions.
    private static func sample(of vectors: ModelVectors) -> CentredRows {
        let step = max(1, vectors.count / CodeEncoder.sample)
        return CentredRows(
            of: vectors,
            stride(from: 0, to: vectors.count, by: step).map { .init(picture: $0, shift: .none) })
    }

    /// Pictures whose central patch is not even, by the sum of its bytes, then by index.
    private static func sortedCentres(of vectors: ModelVectors) -> [(sum: Int32, picture: Int)] {
        let step = columns
        return stride(from: 0, to: vectors.count, by: step).flatMap { first in
            let range = first..<min(vectors.count, first + step)
            let patches = CentredRows(of: vectors, range.map { .init(picture: $0, shift: .none) })
            return range.filter { patches.spreads[$0 - first] > 0 }
                .map { (sum: patches.sums[$0 - first], picture: $0) }
        }.sorted { ($0.sum, $0.picture) < ($1.sum, $1.picture) }
    }

    /// The pairs, each once with its best shift: that of the highest correlation, of equal ones that
    /// with the largest common area. Sorted by `a`, then `b`.
    /// - Parameter progress: in pictures.
    /// - Throws: `KernelError`.
    package func pairs(workers: Workers, progress: ProgressReport? = nil) throws -> [GroundPair] {
        GroundPair.best(
            of: try pairs(
                withPatchesOf: Numbered(vectors, from: 0), numberedFrom: 0, workers: workers,
                progress: progress))
    }

    /// The pairs of candidates with the pictures of a collection, as above: `a` is a candidate, and `b` is
    /// a picture of the collection, whose numbers follow those of the candidates.
    package static func pairs(
        of candidates: ModelVectors, with vectors: ModelVectors, workers: Workers
    ) throws -> [GroundPair] {
        let first = Numbered(candidates, from: 0)
        let second = Numbered(vectors, from: candidates.count)
        let found = try GroundSearch(candidates, workers: workers).pairs(
            withPatchesOf: second, numberedFrom: first.first, workers: workers)
        let others = try GroundSearch(vectors, workers: workers).pairs(
            withPatchesOf: first, numberedFrom: second.first, workers: workers)
        return GroundPair.best(of: found + others)
    }

    /// Pictures with the number of the first of them.
    private struct Numbered {
        let vectors: ModelVectors
        let first: Int

        init(_ vectors: ModelVectors, from first: Int) {
            self.vectors = vectors
            self.first = first
        }
    }

    /// The pairs of patches of pictures with the central patches of this search.
    /// - Parameter number: of the first picture of this search.
    private func pairs(
        withPatchesOf pictures: Numbered, numberedFrom number: Int, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [GroundPair] {
        let total = pictures.vectors.count
        let done = Atomic<Int>(0)
        return try workers.map((total + Self.pictures - 1) / Self.pictures) { block in
            KernelThreads.use(1)
            let range = block * Self.pictures..<min(total, (block + 1) * Self.pictures)
            let found = try self.pairs(of: range, in: pictures, numberedFrom: number)
            progress?(done.add(range.count, ordering: .relaxed).newValue, total)
            return found
        }.flatMap(\.self)
    }

    /// The pairs of some pictures, by their patches.
    private func pairs(of range: Range<Int>, in pictures: Numbered, numberedFrom number: Int) throws
        -> [GroundPair]
    {
        let patches = try SortedPatches(pictures.vectors, range, encoder)
        var found: [GroundPair] = []
        var products = [Int32](repeating: 0, count: Self.rows * Self.columns + CodeBlock.room)
        var scratch: [Float] = []
        for first in stride(from: 0, to: patches.count, by: Self.rows) {
            let rows = first..<min(patches.count, first + Self.rows)
            let reach = Int32(SameGround.difference * ModelVectors.length)
            let (least, most) = (
                patches.sums[rows.lowerBound] - reach, patches.sums[rows.upperBound - 1] + reach
            )
            for centre in centres where centre.sums.last! >= least && centre.sums[0] <= most {
                try centre.codes.multiply(
                    patches.codes, rows, into: &products, scratch: &scratch)
                CandidatePairs(
                    patches: patches, rows: rows, centres: centre, pictures: pictures.vectors,
                    others: vectors, firstPicture: pictures.first, firstOther: number
                ).collect(products, into: &found)
            }
        }
        return GroundPair.best(of: found)
    }
}

/// Patches and a block of central patches whose products are known.
private struct CandidatePairs {
    let patches: SortedPatches
    /// The patches of these products.
    let rows: Range<Int>
    let centres: CentreBlock
    /// The pictures of the patches, and those of the central patches.
    let pictures: ModelVectors
    let others: ModelVectors
    /// Their first numbers in pairs.
    let firstPicture: Int
    let firstOther: Int

    /// Adds the pairs that show the same ground.
    func collect(_ products: [Int32], into found: inout [GroundPair]) {
        var patch = [UInt8](repeating: 0, count: PatchBytes.length)
        patch.withUnsafeMutableBufferPointer { patch in
            pictures.bytes.withUnsafeBufferPointer { pictures in
                others.bytes.withUnsafeBufferPointer { others in
                    centres.bytes.withUnsafeBufferPointer { bytes in
                        guard let patch = patch.baseAddress, let pictures = pictures.baseAddress,
                            let others = others.baseAddress, let bytes = bytes.baseAddress
                        else { return }
                        var copied = -1
                        centres.codes.forEachCandidate(products, slacks: patches.slacks[rows]) {
                            let (row, column) = (rows.lowerBound + $0, $1)
                            let place = patches.places[row]
                            if row != copied {
                                PatchBytes.copy(place, of: pictures, to: patch)
                                copied = row
                            }
                            let centre = centres.pictures[column]
                            let pair = PatchPair(
                                patch: .init(
                                    picture: firstPicture + place.picture,
                                    vector: pictures + place.picture * ModelVectors.length,
                                    bytes: patch, sum: patches.sums[row],
                                    spread: patches.spreads[row]),
                                centre: .init(
                                    picture: firstOther + centre,
                                    vector: others + centre * ModelVectors.length,
                                    bytes: bytes + column * PatchBytes.length,
                                    sum: centres.sums[column], spread: centres.spreads[column]),
                                shift: place.shift)
                            if let pair = pair.sameGround() { found.append(pair) }
                        }
                    }
                }
            }
        }
    }
}
