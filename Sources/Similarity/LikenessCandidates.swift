package import AtlasModel

/// Pictures whose targets are asked for, with what the views compare of them.
package struct LikenessCandidates: Sendable {
    package let vectors: ModelVectors
    /// One row for each; `nil` when no view compares textures.
    package let textures: TextureVectors?

    package init(_ vectors: ModelVectors, textures: TextureVectors? = nil) {
        self.vectors = vectors
        self.textures = textures
    }
}
