package import AtlasModel

extension ReviewPlan {
    /// The comparisons that can still be shown, in their order, and what the others miss.
    ///
    /// A trial outlives builds; pictures may have left the collection meanwhile.
    /// - Parameter isKnown: whether the collection has a picture with this key.
    package func present(where isKnown: (String) -> Bool) -> (plan: ReviewPlan, missing: [String]) {
        var missing: Set<String> = []
        let kept = comparisons.filter { comparison in
            let targets = (comparison.a.targets + comparison.b.targets).map(\.key)
            let gone = ([comparison.candidate] + targets).filter { !isKnown($0) }
            missing.formUnion(gone)
            return gone.isEmpty
        }
        return (ReviewPlan(trial: trial, comparisons: kept), missing.sorted())
    }
}
