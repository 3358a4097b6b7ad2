import AtlasModel
import Fingerprint

/// How the pictures of a collection are divided into training, dev and test set.
package struct Division: Sendable, Equatable {
    /// Shares of training, dev and test set, in any scale.
    package let shares: [Double]
    /// Whether folders `train`, `valid` and `test` decide, where a collection has them.
    package let usesFolders: Bool

    package init(shares: [Double], usesFolders: Bool = false) {
        self.shares = shares
        self.usesFolders = usesFolders
    }

    /// The set of a picture.
    ///
    /// Folders decide if they may and do. If there is a folder for training and none for the dev
    /// set, digests divide the training folder into these two by their shares: a network needs both.
    /// - Parameters:
    ///   - fingerprint: digest of the picture.
    ///   - folder: the set of its folder, if it has one.
    ///   - given: the sets that have folders, if folders may decide.
    func split(of fingerprint: Fingerprint, in folder: Split?, given: Set<Split>) -> Split {
        guard let folder, !given.isEmpty else { return .drawn(by: fingerprint, shares: shares) }
        guard folder == .train, !given.contains(.dev), shares[0] + shares[1] > 0 else {
            return folder
        }
        return .drawn(by: fingerprint, shares: [shares[0], shares[1], 0])
    }
}

extension Split {
    /// The set of the split for a digest: its first 53 bits, as a number in 0..<1, are compared
    /// with the shares.
    static func drawn(by fingerprint: Fingerprint, shares: [Double]) -> Split {
        let number = Double(fingerprint.high >> 11) / 9_007_199_254_740_992
        let total = shares.reduce(0, +)
        if number < shares[0] / total { return .train }
        return number < (shares[0] + shares[1]) / total ? .dev : .test
    }
}
