import AtlasModel
import Testing

@testable import Site

@Suite struct PreviewTests {
    @Test(
        "A preview has at most 1,600 pixels a side",
        arguments: [
            (4_000, 3_000, 1_600, 1_200), (1_000, 20_000, 80, 1_600), (1, 16_000, 1, 1_600),
        ])
    func reduced(width: Int, height: Int, newWidth: Int, newHeight: Int) throws {
        let size = try #require(Preview.size(width: width, height: height))
        #expect(size == (newWidth, newHeight))
    }

    @Test func `A picture that is not larger has none, nor has one whose copy is reduced so far`() {
        #expect(Preview.size(width: 1_600, height: 1_600) == nil)
        let large = TinyEdition.images[0].with(width: 5_000, height: 10)
        #expect(PictureCopies().hasPreview(large))
        #expect(PictureCopies(largest: 1_601).hasPreview(large))
        #expect(!PictureCopies(largest: 1_600).hasPreview(large))
    }
}
