package import AtlasModel
package import Parallel

/// A likeness model, and how searches of its view are made. A new model is a file in this folder
/// with an entry like the others, and its name in `LikenessTable.standard`.
package struct LikenessEntry: Sendable {
    package typealias MakeSearch = @Sendable (LikenessInput) throws -> any TargetSearch

    package let model: LikenessModel
    /// Makes a search that looks in the scopes of the view. Entries of one view make the same.
    package let search: MakeSearch

    package init(_ model: LikenessModel, search: @escaping MakeSearch) {
        self.model = model
        self.search = search
    }
}

/// What a search is made from.
package struct LikenessInput: Sendable {
    /// Of the collection, in key order.
    package let vectors: ModelVectors
    /// Whether targets may be turned by 90, 180 or 270 degrees.
    package let rotations: Bool
    package let workers: Workers
    /// Given when a model looks within the candidate's cluster.
    package var kmeans: KMeansModel?
    /// Makes the features of the network in use; given when a view needs a network.
    package var features: EmbeddingSearch.Extraction?
    /// Told how far the preparation of a search is, in pictures.
    package var progress: ProgressReport?

    package init(_ vectors: ModelVectors, rotations: Bool, workers: Workers) {
        self.vectors = vectors
        self.rotations = rotations
        self.workers = workers
    }
}
