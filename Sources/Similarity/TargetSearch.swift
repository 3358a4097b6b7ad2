public import AtlasModel
public import Parallel

/// Finds the targets of candidates in a collection by one likeness model, or by several that share
/// their work.
///
/// Answers are ordered by distance, then by the target's place in the collection; each target
/// counts once, with its best turn, the smallest of equal ones. They depend on nothing but the
/// collection and the candidates.
public protocol TargetSearch: Sendable {
    /// The models that answer, in the order of their answers.
    var models: [LikenessModel] { get }

    /// For every picture of the collection its targets, itself excluded in every turn; a table for
    /// each model.
    /// - Parameter top: most targets of a picture.
    func neighbours(top: Int, workers: Workers, progress: ProgressReport?) throws -> [Neighbours]

    /// The targets of candidates from anywhere; a table for each model.
    /// - Parameters:
    ///   - candidates: their model vectors.
    ///   - excluding: for a candidate the picture of the collection that it is, if it is one.
    ///   - top: most targets of a candidate.
    func targets(
        of candidates: ModelVectors, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) throws -> [Neighbours]
}

/// K-Means and Pairwise, or Pairwise alone: both rank by correlation distance, so that one pass over
/// the pictures serves them.
public struct CorrelationSearch: TargetSearch {
    private let search: LikenessSearch
    private let kmeans: KMeansModel?

    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - kmeans: when given, it answers too.
    ///   - rotations: whether targets may be turned.
    public init(
        _ vectors: ModelVectors, kmeans: KMeansModel?, rotations: Bool, workers: Workers
    ) throws {
        search = try LikenessSearch(
            vectors, kmeans: kmeans, rotations: rotations, workers: workers)
        self.kmeans = kmeans
    }

    public var models: [LikenessModel] { kmeans == nil ? [.pairwise] : [.kmeans, .pairwise] }

    public func neighbours(top: Int, workers: Workers, progress: ProgressReport?) throws
        -> [Neighbours]
    {
        try search.neighbours(top: top, workers: workers, progress: progress)
    }

    public func targets(
        of candidates: ModelVectors, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) throws -> [Neighbours] {
        let panels = try search.panels(
            of: candidates, clusters: try kmeans?.assignments(of: candidates, workers: workers),
            excluding: excluding, top: top, workers: workers)
        return models.map { model in
            Neighbours(
                model: model,
                matches: panels.map { model == .kmeans ? $0.kmeans : $0.pairwise })
        }
    }
}
