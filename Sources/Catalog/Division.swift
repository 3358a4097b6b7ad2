package import AtlasModel
import Fingerprint

/// How the pictures of a collection are divided into training, dev and test set.
package struct Division: Sendable, Equatable {
    /// Shares of training, dev and test set, in any scale.
    package let shares: [Double]
    package let rule: SplitRule

    package init(shares: [Double], rule: SplitRule = .groups) {
        self.shares = shares
        self.rule = rule
    }

    /// The set of each picture.
    ///
    /// If the rule is `folders`, pictures in the folders of a set belong to it. If there is a folder
    /// for training and none for the dev set, the pictures of the training folder are divided into
    /// these two by their shares: a network needs both. All other pictures are divided by groups.
    /// - Parameters:
    ///   - pictures: in key order; their earlier sets do not matter.
    ///   - folders: for each picture the set of its folder, if it has one.
    func sets(_ pictures: [ImageRecord], groups: PictureGroups, folders: [Split?]) -> [Split] {
        switch rule {
        case .groups:
            return sets(pictures, groups, of: pictures.indices, shares)
        case .random:
            return pictures.map { .drawn(by: $0.digest, shares: shares) }
        case .folders:
            let given = Set(folders.compactMap { $0 })
            let halved = !given.contains(.dev) && shares[0] + shares[1] > 0
            var sets = folders.map { $0 ?? .train }
            func divide(_ shares: [Double], where isMember: (Split?) -> Bool) {
                let members = pictures.indices.filter { isMember(folders[$0]) }
                for (picture, set) in zip(members, self.sets(pictures, groups, of: members, shares))
                {
                    sets[picture] = set
                }
            }
            divide(shares) { $0 == nil }
            if halved { divide([shares[0], shares[1], 0]) { $0 == .train } }
            return sets
        }
    }

    /// The sets of the pictures at `members`, in that order.
    private func sets(
        _ pictures: [ImageRecord], _ groups: PictureGroups, of members: some Sequence<Int>,
        _ shares: [Double]
    ) -> [Split] {
        let members = Array(members)
        let parts = GroupDivision(pictures, groups, of: members).parts(shares: shares)
        return members.compactMap { parts[$0].map { Split.allCases[$0] } }
    }
}

extension Split {
    /// The set of a picture that is drawn for itself: the first 53 bits of its digest, as a number in
    /// 0..<1, are compared with the shares.
    static func drawn(by digest: String, shares: [Double]) -> Split {
        let high = UInt64(digest.prefix(16), radix: 16) ?? 0
        let number = Double(high >> 11) / 9_007_199_254_740_992
        let total = shares.reduce(0, +)
        if number < shares[0] / total { return .train }
        return number < (shares[0] + shares[1]) / total ? .dev : .test
    }
}
