package import AtlasModel

extension ReviewPlan {
    /// The comparisons that can still be shown, in their order, and what is missing for the others.
    ///
    /// A trial spans several builds, and pictures may have been removed from the collection since
    /// it began.
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
