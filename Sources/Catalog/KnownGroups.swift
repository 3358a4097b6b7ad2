package import AtlasModel

extension PictureGroups {
    /// The groups that need no look at the pictures: equal pictures, and pictures of one specimen.
    ///
    /// Equal pictures join the specimens that they belong to.
    /// - Parameters:
    ///   - digests: the same for equal pictures.
    ///   - specimens: for each picture the name of its specimen, empty without one.
    package static func known(digests: [String], specimens: [String]) -> PictureGroups {
        precondition(digests.count == specimens.count, "each picture has its specimen or none")
        var equal: [String: Int] = [:]
        var named: [String: Int] = [:]
        var pairs: [PicturePair] = []
        for picture in digests.indices {
            let specimen = specimens[picture]
            let one = specimen.isEmpty ? nil : named[specimen]
            let other = equal[digests[picture]]
            if let other {
                pairs.append(
                    PicturePair(a: other, b: picture, kind: .identical, correlation: 1))
            } else {
                equal[digests[picture]] = picture
            }
            if let one, one != other {
                pairs.append(PicturePair(a: one, b: picture, kind: .specimen, correlation: .nan))
            } else if one == nil, !specimen.isEmpty {
                named[specimen] = picture
            }
        }
        let sorted = pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) }
        return PictureGroups(
            pairs: sorted, first: firsts(joinedBy: sorted, count: digests.count))
    }

    /// For each picture the smallest index among those that pairs connect it with, over any number of
    /// steps.
    package static func firsts(joinedBy pairs: [PicturePair], count: Int) -> [Int] {
        var forest = PictureForest(count: count)
        for pair in pairs { forest.connect(pair.a, pair.b) }
        return forest.firsts
    }
}
