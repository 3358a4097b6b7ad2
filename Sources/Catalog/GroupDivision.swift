import AtlasModel
import Fingerprint

/// Divides pictures into parts so that a group is in one part and the shares hold for each type.
///
/// For each type, its groups in a fixed order fill one part after the other. The order has no memory:
/// it comes from digests, so it is the same for the same pictures, and pictures that are added only
/// move groups at the boundaries of parts, and groups that have changed.
struct GroupDivision {
    /// Pictures that belong together.
    struct Group: Equatable {
        /// In key order.
        var members: [Int] = []
        /// The type of most members, the first in class order of equally frequent ones; `nil` if none
        /// has a label.
        var type: Int?
        /// Its place in the order of its type.
        var place = Fingerprint(high: 0, low: 0)
    }

    /// By their first member.
    let groups: [Group]

    /// - Parameter members: indices of the pictures to divide, ascending. Only these count as members
    ///   of their groups.
    init(_ pictures: [ImageRecord], _ groups: PictureGroups, of members: [Int]) {
        var found: [Group] = []
        var places = [Int?](repeating: nil, count: pictures.count)
        for picture in members {
            let first = groups.first[picture]
            if let place = places[first] {
                found[place].members.append(picture)
            } else {
                places[first] = found.count
                found.append(Group(members: [picture]))
            }
        }
        self.groups = found.map { group in
            var group = group
            group.type = Self.type(of: group.members.compactMap { pictures[$0].label })
            // The smallest digest of many is small. A digest of it is not, so large groups do not all
            // come first.
            let smallest = group.members.lazy.map { pictures[$0].digest }.min() ?? ""
            group.place = Fingerprint(of: smallest)
            return group
        }
    }

    /// The most frequent of some labels, the first of equally frequent ones.
    private static func type(of labels: [Int]) -> Int? {
        guard labels.count > 1 else { return labels.first }
        var counts: [Int: Int] = [:]
        for label in labels { counts[label, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The part of each picture, by picture, such that the shares hold for each type.
    ///
    /// A group that is larger than a quarter of the smallest part of its type comes first, so that it
    /// is trained on: as a test it would count for its type almost alone.
    /// - Parameter shares: of the parts, in any scale, at least one of them above 0.
    func parts(shares: [Double]) -> [Int: Int] {
        let total = shares.reduce(0, +)
        let least = shares.filter { $0 > 0 }.min() ?? 0
        return parts(shares: shares) { group, pictures in
            Double(group.members.count) > max(1, Double(pictures) * least / total / 4)
        } place: {
            $0.place
        }
    }

    /// The fold of each picture, by picture: parts of equal shares. Other bits of the digest decide
    /// than for the split.
    func folds(_ count: Int) -> [Int: Int] {
        parts(shares: [Double](repeating: 1, count: count)) { _, _ in
            false
        } place: {
            Fingerprint(high: $0.place.low, low: $0.place.high)
        }
    }

    private func parts(
        shares: [Double], isFirst: (_ group: Group, _ pictures: Int) -> Bool,
        place: (Group) -> Fingerprint
    ) -> [Int: Int] {
        var parts = [Int: Int](minimumCapacity: groups.reduce(0) { $0 + $1.members.count })
        for groups in Dictionary(grouping: groups, by: \.type).values {
            let pictures = groups.reduce(0) { $0 + $1.members.count }
            // Numbers are moved faster than groups, which are in the order of their first members.
            let sorted = groups.indices.map { index in
                (
                    rank: isFirst(groups[index], pictures) ? 0 : 1, place: place(groups[index]),
                    index: index
                )
            }.sorted { $0 < $1 }.map { groups[$0.index] }
            let found = Self.parts(ofSizes: sorted.map(\.members.count), shares: shares)
            for (group, part) in zip(sorted, found) {
                for picture in group.members { parts[picture] = part }
            }
        }
        return parts
    }

    /// The part of each group when groups fill the parts one after another.
    ///
    ///     GroupDivision.parts(ofSizes: [1, 1, 1, 1], shares: [70, 18, 12])  // [0, 0, 1, 2]
    ///
    /// A group belongs to the part in which its middle lies. So the size of a part differs from its
    /// share by at most the size of one group. If there are enough groups, each part with a share gets
    /// one at least; if it would get none, the parts before it give one away.
    /// - Parameters:
    ///   - sizes: numbers of pictures, in the order of the groups.
    ///   - shares: of the parts, in any scale, at least one of them above 0.
    static func parts(ofSizes sizes: [Int], shares: [Double]) -> [Int] {
        let used = shares.indices.filter { shares[$0] > 0 }
        let total = shares.reduce(0, +)
        let pictures = Double(sizes.reduce(0, +))
        /// For each used part the first group behind it.
        var ends: [Int] = []
        var (group, before, sum) = (0, 0, 0.0)
        for part in used.dropLast() {
            sum += shares[part]
            while group < sizes.count,
                Double(before) + Double(sizes[group]) / 2 < pictures * sum / total
            {
                before += sizes[group]
                group += 1
            }
            ends.append(group)
        }
        ends.append(sizes.count)
        if sizes.count >= used.count {
            for place in ends.indices {
                ends[place] = min(ends[place], sizes.count - (used.count - 1 - place))
            }
            for place in ends.indices {
                ends[place] = max(ends[place], place == 0 ? 1 : ends[place - 1] + 1)
            }
        }
        var parts: [Int] = []
        for (part, end) in zip(used, ends) {
            parts += [Int](repeating: part, count: max(0, end - parts.count))
        }
        return parts
    }
}
