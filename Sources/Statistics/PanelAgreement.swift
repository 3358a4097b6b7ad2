package import AtlasModel

/// How far two likeness models return the same targets.
package struct PanelAgreement: Sendable, Equatable {
    package let models: [LikenessModel]
    /// Pictures that either model returned a target for.
    package let pictures: Int
    /// Mean share of the targets that both returned, of the longer list's.
    package let overlap: Double
    /// Pictures for which both returned the same targets, in any order and rotation.
    package let identical: Int

    /// Compares the first `n` targets of each picture. Without pictures the overlap is 0.
    ///
    ///     // Targets 1, 2 and 2, 1 of one picture: overlap 1, identical 1.
    ///     // Targets 1, 2 and 2, 3: overlap 0.5, identical 0.
    package init(_ first: Neighbours, _ second: Neighbours, n: Int) {
        models = [first.model, second.model]
        var pictures = 0
        var overlap = 0.0
        var identical = 0
        for (left, right) in zip(first.matches, second.matches) {
            let (left, right) = (
                Set(left.prefix(n).map(\.target)), Set(right.prefix(n).map(\.target))
            )
            guard !left.isEmpty || !right.isEmpty else { continue }
            pictures += 1
            overlap += Double(left.intersection(right).count) / Double(max(left.count, right.count))
            if left == right { identical += 1 }
        }
        self.pictures = pictures
        self.overlap = pictures == 0 ? 0 : overlap / Double(pictures)
        self.identical = identical
    }
}
