public import AtlasModel

extension Exemplars {
    /// Pictures of each kind beside the medoid, in a collection that has enough.
    public static let most = 6

    /// Chooses among the pictures of one label. Equal ones come in the order of `members`.
    /// - Parameters:
    ///   - members: indices of the pictures, in key order.
    ///   - meanDistances: of each to all other members.
    ///   - margins: of each, between its two highest calibrated probabilities.
    public init(members: [Int], meanDistances: [Double], margins: [Float]) {
        precondition(members.count == meanDistances.count && members.count == margins.count)
        let nearest = members.indices.sorted { (meanDistances[$0], $0) < (meanDistances[$1], $1) }
        let others = nearest.dropFirst()
        // In a small group the two kinds share what there is.
        let typical = others.prefix(min(Self.most, others.count / 2))
        let farthest = others.dropFirst(typical.count).sorted {
            (-meanDistances[$0], $0) < (-meanDistances[$1], $1)
        }
        let doubtful = members.indices.sorted { (margins[$0], $0) < (margins[$1], $1) }
        self.init(
            medoid: nearest.first.map { members[$0] }, typical: typical.map { members[$0] },
            extreme: farthest.prefix(Self.most).map { members[$0] },
            doubtful: doubtful.prefix(Self.most).map { members[$0] })
    }
}
