import AtlasModel

/// Places of the pictures of a group, found along its most trustworthy pairs.
///
/// A pair is as trustworthy as the number of triangles that it closes with two other pairs, less those
/// that it contradicts. Kruskal's algorithm takes the pairs in this order, and joins two parts only if
/// the pictures that come to lie over one another confirm it: where ground repeats, the pictures of a
/// wrong pair look the same, but those around them do not.
struct SceneTree {
    /// The place of each picture of the group in its part.
    private(set) var placements: [Placement]
    /// The number of its part.
    private(set) var parts: [Int]

    /// - Parameter fits: compares two pictures of the group, given the place of the second beside the
    ///   first; `nil` when they have too little in common to tell.
    init(count: Int, links: [Link], fits: (Int, Int, Placement) -> Bool?) {
        placements = Array(repeating: Placement(), count: count)
        parts = Array(0..<count)
        var members = (0..<count).map { [$0] }
        for index in Self.order(count: count, links) {
            let link = links[index]
            let (one, other) = (parts[link.a], parts[link.b])
            if one == other { continue }
            let (kept, moved) =
                members[one].count >= members[other].count ? (one, other) : (other, one)
            let (fixed, free) = kept == one ? (link.a, link.b) : (link.b, link.a)
            // The place of a picture is that of its part followed by its own.
            let motion = placements[fixed].followed(by: link.placement(from: fixed))
                .followed(by: placements[free].inverse)
            let places = members[moved].map { motion.followed(by: placements[$0]) }
            guard isConfirmed(link, members[moved], at: places, on: members[kept], fits: fits)
            else { continue }
            for (picture, place) in zip(members[moved], places) {
                placements[picture] = place
                parts[picture] = kept
            }
            members[kept] += members[moved]
            members[moved] = []
        }
    }

    /// Whether more of the pictures that come to overlap confirm a pair than contradict it. The pair
    /// itself confirms.
    private func isConfirmed(
        _ link: Link, _ moved: [Int], at places: [Placement], on kept: [Int],
        fits: (Int, Int, Placement) -> Bool?
    ) -> Bool {
        let side = ModelVectors.side
        func cell(_ place: Placement) -> [Int] {
            [
                Int((Double(place.down) / Double(side)).rounded(.down)),
                Int((Double(place.right) / Double(side)).rounded(.down)),
            ]
        }
        let grid = Dictionary(grouping: kept) { cell(placements[$0]) }
        var (confirming, contradicting) = (1, 0)
        for (picture, place) in zip(moved, places) {
            let own = cell(place)
            for row in own[0] - 1...own[0] + 1 {
                for column in own[1] - 1...own[1] + 1 {
                    for other in grid[[row, column], default: []]
                    where !link.connects(picture, other) {
                        let seen = placements[other].inverse.followed(by: place)
                        guard let fit = fits(other, picture, seen) else { continue }
                        if fit { confirming += 1 } else { contradicting += 1 }
                    }
                }
            }
        }
        return confirming > contradicting
    }

    /// The indices of the links, the most trustworthy first; of equally trustworthy ones those with
    /// the higher correlation, then the earlier ones.
    private static func order(count: Int, _ links: [Link]) -> [Int] {
        var beside = [[Int: Placement]](repeating: [:], count: count)
        for link in links {
            beside[link.a][link.b] = link.placement
            beside[link.b][link.a] = link.placement.inverse
        }
        let trust = links.map { link in
            let (few, many) =
                beside[link.a].count <= beside[link.b].count
                ? (link.a, link.b) : (link.b, link.a)
            let direct = link.placement(from: few)
            return beside[few].reduce(0) { sum, middle in
                guard middle.key != many, let rest = beside[middle.key][many] else { return sum }
                return sum + (middle.value.followed(by: rest).agrees(with: direct) ? 1 : -1)
            }
        }
        return links.indices.sorted { one, other in
            if trust[one] != trust[other] { return trust[one] > trust[other] }
            if links[one].correlation != links[other].correlation {
                return links[one].correlation > links[other].correlation
            }
            return one < other
        }
    }
}
