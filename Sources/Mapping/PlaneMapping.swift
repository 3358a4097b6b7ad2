package import Parallel

/// Places of pictures in the plane by their likeness.
package enum PlaneMapping {
    /// The places of all pictures by t-SNE on their neighbours.
    ///
    /// The same input gives the same places, to the last bit, for any number of threads.
    /// - Parameters:
    ///   - graph: the pictures that attract each other.
    ///   - features: of each picture. Their first two principal components are where t-SNE begins.
    ///   - progress: in steps of the descent.
    /// - Returns: a place for each picture, centred on (0, 0); one picture is at (0, 0).
    /// - Throws: `KernelError`.
    package static func places(
        graph: NeighbourGraph, features: PlaneFeatures, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [SIMD2<Float>] {
        try places(
            graph: graph, features: features, phases: Embedding.phases, workers: workers,
            progress: progress)
    }

    /// - Parameter phases: of the descent.
    static func places(
        graph: NeighbourGraph, features: PlaneFeatures, phases: [Embedding.Phase], workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [SIMD2<Float>] {
        precondition(graph.count == features.count, "a row of features for each picture")
        guard graph.count > 1 else { return [SIMD2<Float>](repeating: .zero, count: graph.count) }
        return try Embedding.places(
            of: graph, startingAt: PrincipalPlane.places(features, workers: workers),
            phases: phases,
            workers: workers, progress: progress)
    }
}
