package import AtlasModel
package import Parallel

/// The targets of every picture of an earlier collection, and which of its pictures are still there
/// unchanged.
package struct EarlierNeighbours: Sendable {
    /// One for each model, with indices of the earlier collection.
    let tables: [Neighbours]
    /// For each picture of the collection its index in the earlier one; `nil` for a picture that is
    /// new or has changed.
    let places: [Int?]
    /// Pictures that are the same but whose group is another one, so that others are folded.
    let regrouped: Set<Int>

    /// - Precondition: the indices in `places` rise, as they do when both collections are in key
    ///   order and a picture is the same if key, model vector and specimen are.
    package init(tables: [Neighbours], places: [Int?], regrouped: Set<Int> = []) {
        let kept = places.compactMap { $0 }
        precondition(zip(kept, kept.dropFirst()).allSatisfy(<), "pictures keep their order")
        self.tables = tables
        self.places = places
        self.regrouped = regrouped
    }
}

extension LikenessPass {
    /// The targets of every picture of the collection, from those of an earlier collection. The
    /// result is the same as that of `LikenessSearch.neighbours`; only the work is less.
    ///
    /// New pictures, and pictures that have lost a target or are in another group, are compared with the
    /// whole collection.
    /// All others are compared with the new pictures only: their earlier targets are still there, and
    /// each picture that was not among them is still behind the last of them.
    /// - Parameters:
    ///   - earlier: of a view whose distances do not depend on other pictures; found with the same top,
    ///     rotations, clusters and network.
    ///   - top: largest number of targets of a picture.
    ///   - block: pictures that are compared with the new ones at once, so that their copies take little
    ///     memory.
    /// - Returns: `nil` if so much has changed that a new search is less work.
    package func neighbours(
        updating earlier: EarlierNeighbours, _ input: LikenessInput, top: Int,
        block: Int = 8_192, workers: Workers
    ) throws -> [Neighbours]? {
        let plan = UpdatePlan(earlier)
        guard plan.isWorthwhile else { return nil }
        var tables = models.map { model in
            plan.mapped(earlier.tables.first { $0.model == model }?.matches ?? [])
        }
        if !plan.searched.isEmpty {
            let searched = plan.searched
            let found = try search(input).targets(
                of: LikenessCandidates(input.vectors.selecting(searched)),
                excluding: { searched[$0] }, top: top,
                workers: workers)
            for (place, table) in found.enumerated() {
                for (index, matches) in zip(searched, table.matches) {
                    tables[place][index] = matches
                }
            }
        }
        if !plan.new.isEmpty, !plan.merged.isEmpty {
            let new = plan.new
            // Candidates do not belong to the new pictures, so those of their specimens are found and
            // taken out afterwards.
            let more = input.specimens.selecting(new).largest
            let search = try self.search(input.replacing(input.vectors.selecting(new)))
            for first in stride(from: 0, to: plan.merged.count, by: block) {
                let some = plan.merged[first...].prefix(block)
                let found = try search.targets(
                    of: LikenessCandidates(input.vectors.selecting(Array(some))),
                    excluding: { _ in nil }, top: top + more, workers: workers)
                for (place, table) in found.enumerated() {
                    for (index, matches) in zip(some, table.matches) {
                        tables[place][index] = UpdatePlan.merged(
                            tables[place][index],
                            matches.filter { !input.specimens.areOne(index, new[$0.target]) }
                                .prefix(top).map {
                                    Match(
                                        target: new[$0.target], distance: $0.distance,
                                        rotation: $0.rotation)
                                }, folding: input.folding, of: index, top: top)
                    }
                }
            }
        }
        return zip(models, tables).map { Neighbours(model: $0, matches: $1) }
    }
}

/// Which pictures an update compares with what.
private struct UpdatePlan {
    /// Pictures that are new, in order.
    let new: [Int]
    /// Pictures that are compared with the whole collection, in order: the new ones, and those that
    /// have lost a target or are in another group.
    let searched: [Int]
    /// All others, in order.
    let merged: [Int]
    private let places: [Int?]
    /// For each picture of the earlier collection its index now; `nil` when it has gone.
    private let now: [Int?]

    init(_ earlier: EarlierNeighbours) {
        let places = earlier.places
        self.places = places
        var now = [Int?](repeating: nil, count: earlier.tables.first?.matches.count ?? 0)
        for (index, place) in places.enumerated() {
            if let place { now[place] = index }
        }
        self.now = now
        var (new, searched, merged): ([Int], [Int], [Int]) = ([], [], [])
        for (index, place) in places.enumerated() {
            guard let place else {
                new.append(index)
                searched.append(index)
                continue
            }
            let hasLost = earlier.tables.contains { table in
                table.matches[place].contains { now[$0.target] == nil }
            }
            if hasLost || earlier.regrouped.contains(index) {
                searched.append(index)
            } else {
                merged.append(index)
            }
        }
        (self.new, self.searched, self.merged) = (new, searched, merged)
    }

    /// A new search compares each pair once, an update twice.
    var isWorthwhile: Bool { searched.count < places.count / 4 }

    /// Earlier targets with today's indices; no targets for a picture that is searched.
    func mapped(_ matches: [[Match]]) -> [[Match]] {
        var found = [[Match]](repeating: [], count: places.count)
        for index in merged {
            guard let place = places[index] else { continue }
            found[index] = matches[place].map { match in
                guard let target = now[match.target] else {
                    preconditionFailure("A picture that has lost a target is searched.")
                }
                return Match(target: target, distance: match.distance, rotation: match.rotation)
            }
        }
        return found
    }

    /// The nearest of a picture's earlier targets and new ones, both in the order of distance and index.
    static func merged(
        _ earlier: [Match], _ new: [Match], folding: Folding, of own: Int, top: Int
    ) -> [Match] {
        // Most new pictures are farther than all targets.
        if let last = earlier.last, let first = new.first,
            (last.distance, last.target) < (first.distance, first.target),
            earlier.count(where: { !folding.folds($0.target, of: own) }) == top
        {
            return earlier
        }
        let sorted = (earlier + new).sorted {
            ($0.distance, $0.target) < ($1.distance, $1.target)
        }
        return folding.kept(sorted, of: own, top: top)
    }
}

extension LikenessInput {
    /// The same input with another collection, of which no specimens are known.
    func replacing(_ vectors: ModelVectors) -> LikenessInput {
        var input = LikenessInput(vectors, rotations: rotations, workers: workers)
        input.kmeans = kmeans
        input.clusters = clusters
        input.features = features
        input.ground = ground
        return input
    }
}
