public import AtlasModel
public import Parallel

/// A likeness model, and how searches of its view are made. A new model is a file in this folder
/// with an entry like the others, and its name in `LikenessTable.standard`.
public struct LikenessEntry: Sendable {
    public typealias MakeSearch = @Sendable (LikenessInput) throws -> any TargetSearch

    public let model: LikenessModel
    /// Makes a search that looks in the scopes of the view. Entries of one view make the same.
    public let search: MakeSearch

    public init(_ model: LikenessModel, search: @escaping MakeSearch) {
        self.model = model
        self.search = search
    }
}

/// What a search is made from.
public struct LikenessInput: Sendable {
    /// Of the collection, in key order.
    public let vectors: ModelVectors
    /// Whether targets may be turned by 90, 180 or 270 degrees.
    public let rotations: Bool
    public let workers: Workers
    /// Given when a model looks within the candidate's cluster.
    public var kmeans: KMeansModel?
    /// Makes the features of the network in use; given when a view needs a network.
    public var features: EmbeddingSearch.Extraction?
    /// Told how far the preparation of a search is, in pictures.
    public var progress: ProgressReport?

    public init(_ vectors: ModelVectors, rotations: Bool, workers: Workers) {
        self.vectors = vectors
        self.rotations = rotations
        self.workers = workers
    }
}
