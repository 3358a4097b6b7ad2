import AtlasModel

@testable import Similarity

extension EmbeddingSearch {
    /// A search by features that are computed from model vectors.
    init(
        _ vectors: ModelVectors, rotations: Bool, specimens: Specimens = .none,
        folding: Folding = .none, extract: @escaping Extraction
    ) throws {
        self.init(
            try ComparedFeatures(of: vectors, rotations: rotations, extract: extract),
            specimens: specimens, folding: folding)
    }
}
