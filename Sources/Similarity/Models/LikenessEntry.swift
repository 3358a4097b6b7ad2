package import AtlasModel
package import Parallel

/// A likeness model, and a function that makes the search of its view. To add a model, add a file
/// with an entry to this folder, and add its name to `LikenessTable.standard`.
package struct LikenessEntry: Sendable {
    package typealias MakeSearch = @Sendable (LikenessInput) throws -> any TargetSearch

    package typealias MakeFeatures = @Sendable (LikenessInput) throws -> ComparedFeatures

    package let model: LikenessModel
    /// Makes a search that supports the scopes of the view. Entries of one view make the same
    /// search.
    package let search: MakeSearch
    /// Makes the features that the view compares; `nil` if it does not compare features by their
    /// cosine.
    package let features: MakeFeatures?

    package init(_ model: LikenessModel, search: @escaping MakeSearch) {
        self.model = model
        self.search = search
        features = nil
    }

    /// A model that compares features by their cosine, in the collection and in clusters of K-Means
    /// on them.
    package init(_ model: LikenessModel, features: @escaping MakeFeatures) {
        self.model = model
        self.features = features
        search = { input in
            EmbeddingSearch(
                try input.compared ?? features(input), clusters: input.clusters,
                specimens: input.specimens, folding: input.folding)
        }
    }
}

/// The input for making a search.
package struct LikenessInput: Sendable {
    /// Vectors of the collection, in key order.
    package let vectors: ModelVectors
    /// Whether targets may be rotated by 90, 180 or 270 degrees.
    package let rotations: Bool
    package let workers: Workers
    /// Given when a model of pixels searches within the candidate's cluster.
    package var kmeans: KMeansModel?
    /// Given when a model of features searches within the candidate's cluster.
    package var clusters: FeatureClusters?
    /// The features that the view compares, if they have been made already.
    package var compared: ComparedFeatures?
    /// Computes the features of the network in use; given when a view needs a network.
    package var features: EmbeddingSearch.Extraction?
    /// Of the collection; given when a view compares textures.
    package var textures: TextureVectors?
    /// Finds pictures of the same ground.
    package var ground: GroundPairing?
    /// Which pictures of the collection are not targets of each other.
    package var specimens = Specimens.none
    /// Which targets are folded.
    package var folding = Folding.none
    /// Receives the progress of preparing a search, in pictures.
    package var progress: ProgressReport?

    package init(_ vectors: ModelVectors, rotations: Bool, workers: Workers) {
        self.vectors = vectors
        self.rotations = rotations
        self.workers = workers
    }
}
