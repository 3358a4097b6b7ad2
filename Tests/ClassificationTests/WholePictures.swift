import AtlasModel

@testable import Classification

extension LabelledPictures {
    /// The model vectors; none of larger pictures.
    var vectors: ModelVectors {
        if case .vectors(let vectors) = input { vectors } else { ModelVectors(bytes: []) }
    }
}

extension Network {
    /// The scores of model vectors.
    func scores(_ vectors: ModelVectors, threads: Int) throws -> [[Float]] {
        try scores(.vectors(vectors), threads: threads)
    }
}
