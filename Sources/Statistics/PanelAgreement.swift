package import AtlasModel

/// How often two likeness models return the same targets.
package struct PanelAgreement: Sendable, Equatable {
    package let models: [LikenessModel]
    /// Number of pictures for which at least one model returned a target.
    package let pictures: Int
    /// Mean share of common targets, relative to the longer of the two lists.
    package let overlap: Double
    /// Number of pictures for which both returned the same targets, in any order and rotation.
    package let identical: Int

    /// Compares the first `n` targets of each picture. Without pictures the overlap is 0.
    ///
    ///     // Targets 1, 2 and 2, 1 of one picture: overlap 1, identical 1.
    ///     // Targets 1, 2 and 2, 3: overlap 0.5, identical 0.
    ///
    /// - Precondition: a picture has a target once in each list.
    package init(_ first: Neighbours, _ second: Neighbours, n: Int) {
        models = [first.model, second.model]
        var pictures = 0
        var overlap = 0.0
        var identical = 0
        for (left, right) in zip(first.matches, second.matches) {
            let (left, right) = (left.prefix(n), right.prefix(n))
            let longer = max(left.count, right.count)
            guard longer > 0 else { continue }
            pictures += 1
            // Lists are short, so that sets would cost more than they save.
            let common = left.count { match in right.contains { $0.target == match.target } }
            overlap += Double(common) / Double(longer)
            if common == longer { identical += 1 }
        }
        self.pictures = pictures
        self.overlap = pictures == 0 ? 0 : overlap / Double(pictures)
        self.identical = identical
    }
}
