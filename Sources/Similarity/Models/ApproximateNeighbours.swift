package import AtlasModel
package import Parallel

extension LikenessPass {
    /// The targets of every picture among the pictures of its own parts, one table for each model. Their distances
    /// are exact; a nearer target in another part is missed.
    /// - Parameters:
    ///   - share: of the parts; what all shares find is put together by `Folding.joined`.
    ///   - top: largest number of targets of a picture.
    ///   - progress: in pictures of parts.
    /// - Throws: any error of making the searches.
    package func neighbours(
        within parts: OverlappingParts, _ input: LikenessInput, of share: Share = .whole, top: Int,
        workers: Workers, progress: ProgressReport? = nil
    ) throws -> [Neighbours] {
        var tables = models.map { _ in [[Match]](repeating: [], count: input.vectors.count) }
        let own = share.range(of: parts.members.count)
        let total = parts.members[own].reduce(0) { $0 + $1.count }
        var done = 0
        for members in parts.members[own] {
            let found = try search(input.selecting(members)).neighbours(
                top: top, workers: workers, progress: nil)
            for (place, table) in found.enumerated() {
                for (picture, matches) in zip(members, table.matches) {
                    tables[place][picture] = input.folding.joined(
                        tables[place][picture],
                        matches.map {
                            Match(
                                target: members[$0.target], distance: $0.distance,
                                rotation: $0.rotation)
                        }, of: picture, top: top)
                }
            }
            done += members.count
            progress?(done, total)
        }
        return zip(models, tables).map { Neighbours(model: $0, matches: $1) }
    }

    /// Pictures that an exact search is asked about too.
    private static let askedPictures = 1_000
    /// Of each of them, the first targets that count.
    private static let countedTargets = 12

    /// Tables of an approximate search, each with its recall, measured on pictures evenly from the whole collection
    /// against an exact search.
    /// - Parameter top: largest number of targets of a picture.
    /// - Throws: any error of the search.
    package func measured(
        _ tables: [Neighbours], _ input: LikenessInput, top: Int, workers: Workers
    ) throws -> [Neighbours] {
        let n = min(Self.countedTargets, top)
        let step = max(1, input.vectors.count / Self.askedPictures)
        let asked = Array(
            stride(from: 0, to: input.vectors.count, by: step).prefix(Self.askedPictures))
        let exact = try search(input).targets(
            of: LikenessCandidates(
                input.vectors.selecting(asked), textures: input.textures?.selecting(asked)),
            excluding: { asked[$0] }, top: n, workers: workers)
        return zip(tables, exact).map { table, exact in
            Neighbours(
                model: table.model, matches: table.matches,
                recall: SearchRecall(
                    pictures: asked.count, targets: n,
                    share: Self.recall(asked.map { table.matches[$0] }, exact.matches, n: n)))
        }
    }

    /// Of the first `n` exact targets of pictures, the share that was found. Of equally far ones any counts.
    ///
    /// If the exact targets of a picture are at 0.1, 0.2 and 0.3, and targets at 0.1, 0.3 and 0.4 were found, it is
    /// 2 / 3.
    static func recall(_ found: [[Match]], _ exact: [[Match]], n: Int) -> Double {
        var (all, met) = (0, 0)
        for (found, exact) in zip(found, exact) {
            let exact = exact.prefix(n)
            guard let last = exact.last else { continue }
            all += exact.count
            met += min(exact.count, found.prefix(n).count { $0.distance <= last.distance })
        }
        return all == 0 ? 1 : Double(met) / Double(all)
    }
}

extension LikenessInput {
    /// The input of a search in some pictures.
    /// - Parameter pictures: indices, rising.
    fileprivate func selecting(_ pictures: [Int]) -> LikenessInput {
        var some = replacing(vectors.selecting(pictures))
        some.compared = compared?.selecting(pictures)
        some.textures = textures?.selecting(pictures)
        some.specimens = specimens.selecting(pictures)
        some.folding = folding.selecting(pictures)
        return some
    }
}
