package import AtlasModel
package import Parallel

/// The targets of each candidate, best first, by where they were looked for.
package typealias FoundTargets = [LikenessScope: [[Match]]]

/// Finds the targets of candidates in a collection by one view: in the whole collection, and within
/// the candidate's cluster if the search was made with clusters.
///
/// Targets are ordered by distance, then by their place in the collection; each counts once, with
/// its best turn, the smallest of equal ones. Results depend on nothing but the collection and the
/// candidates: not on the number of threads, nor on which candidates are asked about together.
package protocol TargetSearch: Sendable {
    /// For every picture of the collection its targets, itself excluded in every turn.
    /// - Parameters:
    ///   - top: most targets of a picture.
    ///   - progress: in pictures.
    func neighbours(top: Int, workers: Workers, progress: ProgressReport?) throws -> FoundTargets

    /// The targets of candidates from anywhere.
    /// - Parameters:
    ///   - candidates: their model vectors.
    ///   - excluding: for a candidate the picture of the collection that it is, if it is one.
    ///   - top: most targets of a candidate.
    func targets(
        of candidates: ModelVectors, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) throws -> FoundTargets
}
