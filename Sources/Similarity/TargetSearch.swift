package import AtlasModel
package import Parallel

/// The targets of each candidate, best first, by the scope that was searched.
package typealias FoundTargets = [LikenessScope: [[Match]]]

/// Finds the targets of candidates in a collection by one view: in the whole collection, and within
/// the candidate's cluster if the search was made with clusters.
///
/// Targets are ordered by distance, then by index in the collection. Each target occurs once, with
/// its best rotation; of equally good rotations, the smallest. Where targets are folded (`Folding`), the
/// first `top` that are not follow the first `top` of all. Results depend only on the
/// collection and the candidate, not on the number of threads and not on which candidates are
/// searched together.
package protocol TargetSearch: Sendable {
    /// The targets of every picture of the collection, as far as a share of the comparisons says. The
    /// picture itself and others of its specimen are excluded in every rotation.
    ///
    /// The targets of a picture are the best of what all shares have found for it (`Folding.joined`).
    /// - Parameters:
    ///   - top: largest number of targets of a picture.
    ///   - progress: in pictures.
    func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) throws -> FoundTargets

    /// The targets of any candidates.
    /// - Parameters:
    ///   - excluding: for each candidate, its own index in the collection; `nil` if it does not
    ///     belong to the collection.
    ///   - top: largest number of targets of a candidate.
    func targets(
        of candidates: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int,
        workers: Workers
    ) throws -> FoundTargets
}

extension TargetSearch {
    /// The targets of every picture of the collection.
    package func neighbours(top: Int, workers: Workers, progress: ProgressReport?) throws
        -> FoundTargets
    {
        try neighbours(of: .whole, top: top, workers: workers, progress: progress)
    }

    /// As above, for candidates of which only the model vectors are compared.
    package func targets(
        of vectors: ModelVectors, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) throws -> FoundTargets {
        try targets(
            of: LikenessCandidates(vectors), excluding: excluding, top: top, workers: workers)
    }
}
