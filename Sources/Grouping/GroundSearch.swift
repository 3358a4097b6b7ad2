package import AtlasModel
import Kernels
package import Parallel
import Synchronization

/// Finds all pairs of pictures that show the same ground, shifted by up to 7 of 28 pixels.
///
/// The central patch of every picture is compared with every patch of every other. Three bounds
/// exclude nearly all of them and none that counts (`docs/groups.md` derives them): sums of bytes that
/// differ too much, products of codes that are too small (`PatchEncoder`), and the exact correlation of
/// the patches. What is left is compared over the whole common area, in exact sums. So the result
/// depends neither on the number of threads nor on the processor.
package struct GroundSearch: Sendable {
    private let vectors: ModelVectors
    private let encoder: PatchEncoder
    /// The central patches, by rising sum of bytes.
    private let centres: [CentreBlock]

    /// Central patches in a block: with `rows` of them, the products are 1 MB, which fits in the cache.
    private static let columns = 512
    /// Patches that are compared with a block at once.
    private static let rows = 512
    /// Pictures whose patches are sorted together, so that a run of `rows` has almost one brightness.
    private static let pictures = 128

    package init(_ vectors: ModelVectors, workers: Workers) throws {
        self.vectors = vectors
        let encoder = try PatchEncoder(vectors)
        self.encoder = encoder
        let sorted = Self.sortedCentres(of: vectors)
        centres = try workers.map((sorted.count + Self.columns - 1) / Self.columns) { block in
            KernelThreads.use(1)
            let range = block * Self.columns..<min(sorted.count, (block + 1) * Self.columns)
            return try CentreBlock(vectors, sorted[range].map(\.picture), encoder)
        }
    }

    /// Pictures whose central patch is not even, by the sum of its bytes, then by index.
    private static func sortedCentres(of vectors: ModelVectors) -> [(sum: Int32, picture: Int)] {
        let step = columns
        return stride(from: 0, to: vectors.count, by: step).flatMap { first in
            let range = first..<min(vectors.count, first + step)
            let patches = Patches(of: vectors, range.map { .init(picture: $0, shift: .none) })
            return range.filter { patches.spreads[$0 - first] > 0 }
                .map { (sum: patches.sums[$0 - first], picture: $0) }
        }.sorted { ($0.sum, $0.picture) < ($1.sum, $1.picture) }
    }

    /// The pairs, each once with its best shift: that of the highest correlation, of equal ones the
    /// smallest. Sorted by `a`, then `b`.
    /// - Parameter progress: in pictures.
    /// - Throws: `KernelError`.
    package func pairs(workers: Workers, progress: ProgressReport? = nil) throws -> [GroundPair] {
        let blocks = (vectors.count + Self.pictures - 1) / Self.pictures
        let done = Atomic<Int>(0)
        let found = try workers.map(blocks) { block in
            KernelThreads.use(1)
            let range = block * Self.pictures..<min(vectors.count, (block + 1) * Self.pictures)
            let found = try self.found(in: range)
            progress?(
                done.add(range.count, ordering: .relaxed).newValue, vectors.count)
            return found
        }
        return GroundPair.best(of: found.flatMap(\.self))
    }

    /// The pairs of these pictures, by their patches, with the central patches of others.
    private func found(in range: Range<Int>) throws -> [GroundPair] {
        let patches = try SortedPatches(vectors, range, encoder)
        var found: [GroundPair] = []
        var products = [Int32](
            repeating: 0, count: Self.rows * Self.columns + CentreBlock.room)
        var scratch: [Float] = []
        for first in stride(from: 0, to: patches.count, by: Self.rows) {
            let rows = first..<min(patches.count, first + Self.rows)
            let reach = Int32(SameGround.difference * ModelVectors.length)
            let (least, most) = (
                patches.sums[rows.lowerBound] - reach, patches.sums[rows.upperBound - 1] + reach
            )
            for centre in centres where centre.sums.last! >= least && centre.sums[0] <= most {
                try centre.rows.products(
                    with: patches.codes, rows, into: &products, scratch: &scratch)
                found += pairs(patches, rows, centre, products)
            }
        }
        return GroundPair.best(of: found)
    }

    /// The pairs among the products of some patches with a block of central patches.
    private func pairs(
        _ patches: SortedPatches, _ rows: Range<Int>, _ centres: CentreBlock, _ products: [Int32]
    ) -> [GroundPair] {
        var found: [GroundPair] = []
        var patch = [UInt8](repeating: 0, count: PatchBytes.length)
        var copied = -1
        vectors.bytes.withUnsafeBufferPointer { vectors in
            centres.bytes.withUnsafeBufferPointer { bytes in
                patch.withUnsafeMutableBufferPointer { patch in
                    guard let vectors = vectors.baseAddress, let bytes = bytes.baseAddress,
                        let patch = patch.baseAddress
                    else { return }
                    centres.forEachCandidate(products, slacks: patches.slacks[rows]) {
                        let (row, column) = (rows.lowerBound + $0, $1)
                        if row != copied {
                            PatchBytes.copy(patches.places[row], of: vectors, to: patch)
                            copied = row
                        }
                        let pair = PatchPair(
                            patch: .init(
                                picture: patches.places[row].picture, bytes: patch,
                                sum: patches.sums[row], spread: patches.spreads[row]),
                            centre: .init(
                                picture: centres.pictures[column],
                                bytes: bytes + column * PatchBytes.length,
                                sum: centres.sums[column], spread: centres.spreads[column]),
                            shift: patches.places[row].shift)
                        if let pair = pair.sameGround(vectors) { found.append(pair) }
                    }
                }
            }
        }
        return found
    }
}
