package import AtlasModel

extension ReviewPlan {
    /// The comparisons that can still be shown, in their order, and what is missing for the others.
    ///
    /// A trial spans several builds, and pictures may have been removed from the collection since
    /// it began.
    /// - Parameter isKnown: whether the collection has a picture with this key.
    package func present(where isKnown: (String) -> Bool) -> (plan: ReviewPlan, missing: [String]) {
        let all = comparisons + (practice.map { [$0] } ?? [])
        let missing = Set(all.flatMap(\.keys)).filter { !isKnown($0) }
        return (keeping { missing.isDisjoint(with: $0.keys) }, missing.sorted())
    }
}
