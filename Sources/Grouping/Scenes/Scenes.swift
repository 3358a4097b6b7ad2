package import AtlasModel
package import Parallel

extension PictureGroups {
    /// The groups of the same ground, put together.
    ///
    /// Positions are solved over all pairs of a group; pairs that contradict the others are left out.
    /// A group that falls into parts without them gives one scene for each part that is large enough.
    /// - Parameter vectors: those of all pictures of the collection.
    /// - Returns: scenes of at least `Scene.least` pictures, not all at one place; largest first, of
    ///   equally large ones that with the first picture in key order first.
    package func scenes(_ vectors: ModelVectors, workers: Workers = Workers()) throws -> [Scene] {
        let groups = grounds
        let fit = GroundFit(vectors: vectors)
        return try workers.map(groups.count) { groups[$0].scenes(fit) }.flatMap(\.self)
            .sorted {
                ($1.tiles.count, $0.tiles[0].picture) < ($0.tiles.count, $1.tiles[0].picture)
            }
    }

    /// The pairs that show the same ground, or the same picture, by group.
    private var grounds: [Ground] {
        let shown = pairs.filter { $0.kind != .specimen && first[$0.a] == first[$0.b] }
        return Dictionary(grouping: shown) { first[$0.a] }
            .sorted { $0.key < $1.key }.map { Ground(pairs: $0.value) }
    }
}

/// The pairs of one group.
private struct Ground: Sendable {
    /// In key order.
    let pictures: [Int]
    let links: [Link]

    init(pairs: [PicturePair]) {
        let pictures = Set(pairs.flatMap { [$0.a, $0.b] }).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(pictures, pictures.indices))
        self.pictures = pictures
        links = pairs.compactMap { pair in
            guard let a = places[pair.a], let b = places[pair.b] else { return nil }
            let placement = Placement(
                symmetry: SquareSymmetry(pair.turn), down: pair.down, right: pair.right)
            return Link(a: a, b: b, placement: placement, correlation: pair.correlation)
        }
    }

    func scenes(_ fit: GroundFit) -> [Scene] {
        guard pictures.count >= Scene.least else { return [] }
        let tree = SceneTree(count: pictures.count, links: links) {
            fit.fits(pictures[$0], pictures[$1], $2)
        }
        return Dictionary(grouping: pictures.indices) { tree.parts[$0] }.values
            .filter { $0.count >= Scene.least }
            .flatMap { scenes(of: $0, in: tree) }
    }

    /// The scenes of the pictures that the tree put into one part.
    private func scenes(of members: [Int], in tree: SceneTree) -> [Scene] {
        let places = Dictionary(uniqueKeysWithValues: zip(members, members.indices))
        var offsets: [ScenePositions.Offset] = []
        for link in links {
            guard let a = places[link.a], let b = places[link.b] else { continue }
            let own = tree.placements[link.a].symmetry
            guard own.after(link.placement.symmetry) == tree.placements[link.b].symmetry
            else { continue }
            let step = own.applied(toDown: link.placement.down, right: link.placement.right)
            offsets.append(
                ScenePositions.Offset(
                    a: a, b: b, down: Double(step.down), right: Double(step.right)))
        }
        let solved = ScenePositions(
            downs: members.map { Double(tree.placements[$0].down) },
            rights: members.map { Double(tree.placements[$0].right) }, offsets: offsets)
        let holding = zip(offsets, solved.holds).filter(\.1).map(\.0)
        return Self.parts(count: members.count, holding).compactMap { part in
            let shown = Set(part)
            let own = holding.filter { shown.contains($0.a) }
            let all = links.count { link in
                guard let a = places[link.a], let b = places[link.b] else { return false }
                return shown.contains(a) && shown.contains(b)
            }
            let squares = own.reduce(0) { $0 + solved.squaredDistance(of: $1) }
            let tiles = tiles(part, of: members, solved, tree)
            guard tiles.contains(where: { $0.top > 0 || $0.left > 0 }) else { return nil }
            return Scene(
                tiles: tiles, pairs: own.count, contradicting: all - own.count,
                residual: (squares / Double(max(1, own.count))).squareRoot())
        }
    }

    /// Positions are rounded with the first picture at a whole pixel.
    private func tiles(
        _ part: [Int], of members: [Int], _ solved: ScenePositions, _ tree: SceneTree
    ) -> [Scene.Tile] {
        let tops = part.map { Int((solved.downs[$0] - solved.downs[part[0]]).rounded()) }
        let lefts = part.map { Int((solved.rights[$0] - solved.rights[part[0]]).rounded()) }
        let (top, left) = (tops.min() ?? 0, lefts.min() ?? 0)
        return part.indices.map { place in
            let member = members[part[place]]
            return Scene.Tile(
                picture: pictures[member], top: tops[place] - top, left: lefts[place] - left,
                symmetry: tree.placements[member].symmetry)
        }
    }

    /// The parts that offsets connect, each in rising order, that are large enough for a scene.
    private static func parts(count: Int, _ offsets: [ScenePositions.Offset]) -> [[Int]] {
        var beside = [[Int]](repeating: [], count: count)
        for offset in offsets {
            beside[offset.a].append(offset.b)
            beside[offset.b].append(offset.a)
        }
        var isReached = [Bool](repeating: false, count: count)
        var parts: [[Int]] = []
        for start in 0..<count where !isReached[start] {
            isReached[start] = true
            var part = [start]
            var next = 0
            while next < part.count {
                for other in beside[part[next]] where !isReached[other] {
                    isReached[other] = true
                    part.append(other)
                }
                next += 1
            }
            if part.count >= Scene.least { parts.append(part.sorted()) }
        }
        return parts
    }
}
