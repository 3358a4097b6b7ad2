package import AtlasModel

extension Exemplars {
    /// Largest number of typical pictures, of extreme pictures and of doubtful pictures.
    package static let most = 6

    /// Chooses the exemplars among the pictures of one label. Of equal pictures, the first of
    /// `members` comes first. Without members there is no medoid and all lists are empty.
    ///
    ///     Exemplars(members: [4, 5, 6], meanDistances: [4, 5, 6], margins: [1, 1, 1])
    ///     // medoid 4, typical [5], extreme [6], doubtful [4, 5, 6]
    ///
    /// - Parameters:
    ///   - members: indices of the pictures, in key order.
    ///   - meanDistances: for each picture, the mean distance to all other members.
    ///   - margins: for each picture, the margin between its two highest calibrated probabilities;
    ///     `nil` without a network, and then there are no doubtful pictures.
    package init(members: [Int], meanDistances: [Double], margins: [Float]?) {
        precondition(
            members.count == meanDistances.count
                && margins.map { $0.count == members.count } ?? true)
        let nearest = members.indices.sorted { (meanDistances[$0], $0) < (meanDistances[$1], $1) }
        let others = nearest.dropFirst()
        // A small group is divided between typical and extreme pictures.
        let typical = others.prefix(min(Self.most, others.count / 2))
        let farthest = others.dropFirst(typical.count).sorted {
            (-meanDistances[$0], $0) < (-meanDistances[$1], $1)
        }
        let doubtful =
            margins.map { margins in
                members.indices.sorted { (margins[$0], $0) < (margins[$1], $1) }
            } ?? []
        self.init(
            medoid: nearest.first.map { members[$0] }, typical: typical.map { members[$0] },
            extreme: farthest.prefix(Self.most).map { members[$0] },
            doubtful: doubtful.prefix(Self.most).map { members[$0] })
    }
}
