import AtlasModel
import Testing

@testable import Similarity

@Suite struct TextureSpaceTests {
    private let parts: [TextureVectors.Part] = [.init(0..<2, weight: 1), .init(2..<3, weight: 4)]

    private func textures(_ rows: [[Float]]) -> TextureVectors {
        TextureVectors(FeatureVectors(values: rows.flatMap(\.self), width: 3), parts: parts)
    }

    @Test func `Each part loses its mean and gets the length of the root of its weight`() {
        // The means are 4, 5 and 1. Less them, the first row is -3, -4, -1.
        let all = textures([[1, 1, 0], [7, 9, 2]])
        let vectors = TextureSpace(all).vectors(of: all)
        #expect(vectors.values == [-0.6, -0.8, -2, 0.6, 0.8, 2])
    }

    @Test func `A part that is the mean says nothing`() {
        let all = textures([[1, 1, 0], [7, 9, 2]])
        let vectors = TextureSpace(all).vectors(of: textures([[4, 5, 3]]))
        #expect(vectors.values == [0, 0, 2])
    }
}
