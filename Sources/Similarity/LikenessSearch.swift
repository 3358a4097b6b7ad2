public import AtlasModel
import Kernels
public import Parallel
import Synchronization

/// Finds the targets of candidates in a collection, exactly: every pair is compared.
///
/// Products of bytes come in blocks from an integer matrix product, and each serves both its
/// pictures. What a block finds is the same in whichever order blocks are compared, so nothing
/// depends on the number of threads.
public struct LikenessSearch: Sendable {
    private let vectors: ModelVectors
    private let blocks: [VectorBlock]
    private let usesClusters: Bool
    /// Quarter turns that targets are compared in.
    private let turns: Range<Int>

    /// Vectors in a block: 512² products are 1 MB, which stays in cache.
    private static let block = 512
    /// Blocks that a block is compared with in one go, so that it is turned seldom.
    private static let stretch = 8

    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - kmeans: when given, its panel is searched too.
    ///   - rotations: whether targets may be turned.
    public init(
        _ vectors: ModelVectors, kmeans: KMeansModel?, rotations: Bool, workers: Workers
    ) throws {
        let clusters = try kmeans.map {
            try $0.assignments(of: vectors, turns: rotations ? 0..<4 : 0..<1, workers: workers)
        }
        try self.init(vectors, clusters: clusters, rotations: rotations, workers: workers)
    }

    /// - Parameter clusters: of each vector, `clusters[quarterTurns][index]`.
    private init(
        _ vectors: ModelVectors, clusters: [[Int32]]?, rotations: Bool, workers: Workers
    ) throws {
        self.vectors = vectors
        turns = rotations ? 0..<4 : 0..<1
        usesClusters = clusters != nil
        let ranges = Self.ranges(vectors.count)
        blocks = try workers.map(ranges.count) {
            VectorBlock(vectors, ranges[$0], clusters: clusters)
        }
    }

    private static func ranges(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: block).map { $0..<min(count, $0 + block) }
    }

    /// The targets of one candidate by each model.
    public struct Panels: Sendable, Equatable {
        /// Within the candidate's cluster; empty without K-Means.
        public let kmeans: [Match]
        public let pairwise: [Match]
    }

    /// For every picture of the collection its targets, itself excluded in every turn.
    public func neighbours(top: Int, workers: Workers, progress: ProgressReport? = nil) throws
        -> [Neighbours]
    {
        let found = blocks.map { block in
            SharedPanels(
                BlockPanels(
                    excluded: (0..<block.count).map { block.first + $0 }, clusters: usesClusters,
                    top: top, turns: turns.count))
        }
        let tasks = blocks.indices.flatMap { own in
            stride(from: own, to: blocks.count, by: Self.stretch).map {
                (own: own, others: $0..<min(blocks.count, $0 + Self.stretch))
            }
        }
        let done = Atomic<Int>(0)
        let pairs = blocks.count * (blocks.count + 1) / 2
        try workers.forEachRange(of: tasks.count, chunk: 1) { range in
            let task = tasks[range.lowerBound]
            try compare(blocks[task.own], of: vectors, with: task.others) { products, pair, other in
                found[task.own].with { own in
                    if other == task.own {
                        // A block with itself holds every pair twice already.
                        var nobody = BlockPanels.none
                        Scan.offer(products, pair, to: &own, and: &nobody, mutual: false)
                    } else {
                        found[other].with { others in
                            Scan.offer(products, pair, to: &own, and: &others, mutual: true)
                        }
                    }
                }
            }
            let count = done.add(task.others.count, ordering: .relaxed).newValue
            progress?(vectors.count * count / pairs, vectors.count)
        }
        let panels = found.flatMap { $0.with { Self.panels($0) } }
        let pairwise = Neighbours(model: .pairwise, matches: panels.map(\.pairwise))
        guard usesClusters else { return [pairwise] }
        return [Neighbours(model: .kmeans, matches: panels.map(\.kmeans)), pairwise]
    }

    /// The targets of candidates from anywhere.
    /// - Parameters:
    ///   - candidates: their model vectors.
    ///   - clusters: the cluster of each, asked for when K-Means was given.
    ///   - excluding: for a candidate the picture of the collection that it is, if it is one.
    public func panels(
        of candidates: ModelVectors, clusters candidateClusters: [Int32]?,
        excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [Panels] {
        try Self.ranges(candidates.count).flatMap { range in
            let block = VectorBlock(candidates, range, clusters: candidateClusters.map { [$0] })
            let found = SharedPanels(
                BlockPanels(
                    excluded: range.map(excluding), clusters: candidateClusters != nil, top: top,
                    turns: turns.count))
            try workers.forEachRange(of: blocks.count, chunk: Self.stretch) { others in
                try compare(block, of: candidates, with: others) { products, pair, _ in
                    found.with { panels in
                        var nobody = BlockPanels.none
                        Scan.offer(products, pair, to: &panels, and: &nobody, mutual: false)
                    }
                }
            }
            progress?(range.upperBound, candidates.count)
            return found.with { Self.panels($0) }
        }
    }

    /// Multiplies a block of candidates with blocks of the collection in every turn.
    ///
    /// Turning a target against a candidate is turning the candidate the other way.
    private func compare(
        _ block: VectorBlock, of candidates: ModelVectors, with others: Range<Int>,
        _ body: (UnsafePointer<Int32>, Scan.Blocks, _ other: Int) -> Void
    ) throws {
        KernelThreads.use(1)
        var scratch: [Float] = []
        let room = Self.block * block.count + Scan.padded(1)
        var products = [Int32](repeating: 0, count: room)
        for turn in turns {
            let rows = ByteRows(
                candidates.turned(
                    block.first..<block.first + block.count, quarterTurns: (4 - turn) % 4),
                length: ModelVectors.length)
            for other in others {
                let targets = blocks[other]
                try products.withUnsafeMutableBufferPointer { products in
                    try vectors.bytes.withUnsafeBufferPointer { bytes in
                        guard let target = products.baseAddress, let left = bytes.baseAddress else {
                            return
                        }
                        try rows.products(
                            with: left + targets.first * ModelVectors.length, count: targets.count,
                            into: target, scratch: &scratch)
                        body(target, .init(targets: targets, candidates: block, turn: turn), other)
                    }
                }
            }
        }
    }

    private static func panels(_ found: BlockPanels) -> [Panels] {
        found.pairwise.indices.map { place in
            Panels(
                kmeans: found.kmeans.isEmpty ? [] : found.kmeans[place].matches,
                pairwise: found.pairwise[place].matches)
        }
    }

    /// Panels of a block that several threads add to.
    private final class SharedPanels: Sendable {
        private let panels: Mutex<BlockPanels>

        init(_ panels: consuming BlockPanels) { self.panels = Mutex(panels) }

        func with<Result: Sendable>(_ body: (inout sending BlockPanels) -> Result) -> Result {
            panels.withLock { body(&$0) }
        }
    }
}
