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
    /// The pictures that are compared, by rising index.
    private let pictures: [Int]
    /// Number in pairs of the first picture of the vectors.
    private let firstNumber: Int
    private let encoder: CodeEncoder
    /// The central patches, by rising sum of bytes.
    private let centres: [CentreBlock]
    /// Of the central patches, if they are few.
    private let screen: PatchScreen?

    /// Central patches in a block: with `rows` of them, the products are 1 MB, which fits in the cache.
    private static let columns = 512
    /// CentredRows that are compared with a block at once.
    private static let rows = 512
    /// Pictures whose patches are sorted together, so that a run of `rows` has almost one brightness.
    private static let sortedPictures = 128

    /// Central patches that are enough to compute directions from.
    private static let sample = 8_192

    /// - Parameters:
    ///   - pictures: indices of those that are compared, rising; `nil` for all.
    ///   - firstNumber: in pairs, of the first of all pictures.
    package init(
        _ vectors: ModelVectors, of pictures: [Int]? = nil, firstNumber: Int = 0, workers: Workers
    ) throws {
        let pictures = pictures ?? Array(0..<vectors.count)
        try self.init(
            vectors, of: pictures, firstNumber: firstNumber,
            CodeEncoder(Self.sample(of: vectors, pictures)), workers: workers)
    }

    /// - Parameter encoder: of these vectors or of others like them.
    private init(
        _ vectors: ModelVectors, of pictures: [Int], firstNumber: Int, _ encoder: CodeEncoder,
        workers: Workers
    ) throws {
        self.vectors = vectors
        self.pictures = pictures
        self.firstNumber = firstNumber
        self.encoder = encoder
        let sorted = Self.sortedCentres(of: vectors, pictures)
        centres = try workers.map((sorted.count + Self.columns - 1) / Self.columns) { block in
            KernelThreads.use(1)
            let range = block * Self.columns..<min(sorted.count, (block + 1) * Self.columns)
            return try CentreBlock(vectors, sorted[range].map(\.picture), encoder)
        }
        screen =
            (1...PatchScreen.mostCentres).contains(sorted.count)
            ? PatchScreen(vectors, sorted.map(\.picture)) : nil
    }

    /// Central patches all over the collection, enough for good directions.
    private static func sample(of vectors: ModelVectors, _ pictures: [Int]) -> CentredRows {
        let step = max(1, pictures.count / Self.sample)
        return CentredRows(
            of: vectors,
            stride(from: 0, to: pictures.count, by: step).map {
                .init(picture: pictures[$0], shift: .none)
            })
    }

    /// Pictures whose central patch is not even, by the sum of its bytes, then by index.
    private static func sortedCentres(of vectors: ModelVectors, _ pictures: [Int])
        -> [(sum: Int32, picture: Int)]
    {
        stride(from: 0, to: pictures.count, by: columns).flatMap { first in
            let some = pictures[first..<min(pictures.count, first + columns)]
            let patches = CentredRows(of: vectors, some.map { .init(picture: $0, shift: .none) })
            return zip(some, patches.sums.indices).filter { patches.spreads[$1] > 0 }
                .map { (sum: patches.sums[$1], picture: $0) }
        }.sorted { ($0.sum, $0.picture) < ($1.sum, $1.picture) }
    }

    /// The pairs, each once with its best shift: that of the highest correlation, of equal ones that
    /// with the largest common area. Sorted by `a`, then `b`.
    /// - Parameters:
    ///   - share: of the pictures whose patches are compared with all central patches. Two shares may have
    ///     the same pair, each with another shift.
    ///   - progress: in pictures.
    /// - Throws: `KernelError`.
    package func pairs(
        _ share: Share = .whole, workers: Workers, progress: ProgressReport? = nil
    ) throws -> [GroundPair] {
        GroundPair.best(
            of: try pairs(withPatchesOf: self, share, workers: workers, progress: progress))
    }

    /// The pairs of a search for all of some pictures of which one at least is among `fresh`.
    /// - Parameters:
    ///   - fresh: indices of pictures, rising.
    ///   - pictures: indices of all pictures that are compared, rising, `fresh` among them.
    ///   - share: as above; all of them unless all pictures are fresh.
    /// - Throws: `KernelError`.
    static func pairs(
        of fresh: [Int], among pictures: [Int], in vectors: ModelVectors, _ share: Share = .whole,
        workers: Workers, progress: ProgressReport? = nil
    ) throws -> [GroundPair] {
        guard !fresh.isEmpty else { return [] }
        let all = try GroundSearch(vectors, of: pictures, workers: workers)
        guard 2 * fresh.count < pictures.count else {
            let isFresh = Set(fresh)
            return try all.pairs(share, workers: workers, progress: progress)
                .filter { isFresh.contains($0.a) || isFresh.contains($0.b) }
        }
        let some = try GroundSearch(
            vectors, of: fresh, firstNumber: 0, all.encoder, workers: workers)
        return GroundPair.best(
            of: try all.pairs(withPatchesOf: some, workers: workers)
                + some.pairs(withPatchesOf: all, workers: workers, progress: progress))
    }

    /// The pairs of candidates with the pictures of a collection, as above: `a` is a candidate, and `b` is
    /// a picture of the collection, whose numbers follow those of the candidates.
    package static func pairs(
        of candidates: ModelVectors, with vectors: ModelVectors, workers: Workers
    ) throws -> [GroundPair] {
        let first = try GroundSearch(candidates, workers: workers)
        let second = try GroundSearch(vectors, firstNumber: candidates.count, workers: workers)
        return GroundPair.best(
            of: try first.pairs(withPatchesOf: second, workers: workers)
                + second.pairs(withPatchesOf: first, workers: workers))
    }

    /// The pairs of patches of the pictures of a search with the central patches of this one.
    private func pairs(
        withPatchesOf other: GroundSearch, _ share: Share = .whole, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [GroundPair] {
        let total = other.pictures.count
        let step = Self.sortedPictures
        let done = Atomic<Int>(0)
        let blocks = share.range(of: (total + step - 1) / step)
        return try workers.map(blocks.count) { place in
            KernelThreads.use(1)
            let block = blocks.lowerBound + place
            let range = block * step..<min(total, (block + 1) * step)
            let found = try self.pairs(of: other.pictures[range], in: other)
            progress?(
                done.add(range.count, ordering: .relaxed).newValue,
                min(total, blocks.count * step))
            return found
        }.flatMap(\.self)
    }

    /// The pairs of some pictures, by their patches.
    private func pairs(of pictures: ArraySlice<Int>, in search: GroundSearch) throws
        -> [GroundPair]
    {
        func candidates(_ centres: CentreBlock) -> CandidatePairs {
            CandidatePairs(
                centres: centres, pictures: search.vectors, others: vectors,
                firstPicture: search.firstNumber, firstOther: firstNumber)
        }
        var found: [GroundPair] = []
        if let screen {
            try candidates(centres[0]).collect(into: &found) {
                try screen.forEachCandidate(of: pictures, in: search.vectors, $0)
            }
            return GroundPair.best(of: found)
        }
        let patches = try SortedPatches(search.vectors, pictures, encoder)
        var products = [Int32](repeating: 0, count: Self.rows * Self.columns + CodeBlock.room)
        var scratch: [Float] = []
        for first in stride(from: 0, to: patches.count, by: Self.rows) {
            let rows = first..<min(patches.count, first + Self.rows)
            let (least, most) = (
                patches.sums[rows.lowerBound] - SameGround.patchSum,
                patches.sums[rows.upperBound - 1] + SameGround.patchSum
            )
            for centre in centres where centre.sums.last! >= least && centre.sums[0] <= most {
                try centre.codes.multiply(
                    patches.codes, rows, into: &products, scratch: &scratch)
                candidates(centre).collect(into: &found) { body in
                    centre.codes.forEachCandidate(products, slacks: patches.slacks[rows]) {
                        body(patches.level(of: rows.lowerBound + $0), $1)
                    }
                }
            }
        }
        return GroundPair.best(of: found)
    }
}

/// Pairs of a patch and a central patch that may show the same ground.
private struct CandidatePairs {
    let centres: CentreBlock
    /// The pictures of the patches, and those of the central patches.
    let pictures: ModelVectors
    let others: ModelVectors
    /// The numbers in pairs of the first of them.
    let firstPicture: Int
    let firstOther: Int

    /// Adds the pairs that show the same ground.
    /// - Parameter forEachCandidate: calls its argument with each patch and the number of the central patch.
    func collect(
        into found: inout [GroundPair],
        _ forEachCandidate: (_ body: (PatchLevel, Int) -> Void) throws -> Void
    ) rethrows {
        var patch = [UInt8](repeating: 0, count: PatchBytes.length)
        try patch.withUnsafeMutableBufferPointer { patch in
            try pictures.bytes.withUnsafeBufferPointer { pictures in
                try others.bytes.withUnsafeBufferPointer { others in
                    try centres.bytes.withUnsafeBufferPointer { bytes in
                        guard let patch = patch.baseAddress, let pictures = pictures.baseAddress,
                            let others = others.baseAddress, let bytes = bytes.baseAddress
                        else { return }
                        var copied: PatchPlace?
                        try forEachCandidate { level, column in
                            let place = level.place
                            let centre = centres.pictures[column]
                            let pair = PatchPair(
                                patch: .init(
                                    picture: firstPicture + place.picture,
                                    vector: pictures + place.picture * ModelVectors.length,
                                    bytes: patch, sum: level.sum, spread: level.spread),
                                centre: .init(
                                    picture: firstOther + centre,
                                    vector: others + centre * ModelVectors.length,
                                    bytes: bytes + column * PatchBytes.length,
                                    sum: centres.sums[column], spread: centres.spreads[column]),
                                shift: place.shift)
                            guard pair.isNear else { return }
                            if place != copied {
                                PatchBytes.copy(place, of: pictures, to: patch)
                                copied = place
                            }
                            if let pair = pair.sameGround() { found.append(pair) }
                        }
                    }
                }
            }
        }
    }
}
