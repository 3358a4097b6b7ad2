import AtlasModel
import Foundation
import Parallel
import Raster
import Testing

@testable import Catalog

@Suite("Names and splits of pictures")
struct NamingTests {
    @Test("The later by path of two pictures with the same key gets a number that is free")
    func numbers() throws {
        let scratch = try Scratch()
        for (number, name) in ["a/gneiss/x.png", "b/gneiss/x.png", "c/gneiss/x~2.png"].enumerated()
        {
            try scratch.picture(name, number)
        }
        let catalogue = try scratch.catalogue()
        let keys = Dictionary(
            uniqueKeysWithValues: catalogue.images.map { ($0.path, $0.key) })
        #expect(
            keys == [
                "a/gneiss/x.png": "gneiss/x", "b/gneiss/x.png": "gneiss/x~3",
                "c/gneiss/x~2.png": "gneiss/x~2",
            ])
        #expect(catalogue.errata.map(\.path) == ["b/gneiss/x.png"])
    }

    /// `turned` and `mirrored` are functions of Raster. Its own tests compare them with numbers
    /// computed by hand.
    @Test("A picture turned and mirrored in all eight ways has the same smallest form")
    func symmetries() throws {
        let side = ModelVectors.side
        let plain = Picture(
            width: side, height: side,
            pixels: (0..<ModelVectors.length).map { UInt8(($0 * $0 + 7 * $0) % 251) })
        let forms = [plain, plain.mirrored()].flatMap { picture in
            [0, 90, 180, 270].map { picture.turned(counterClockwise: $0).pixels }
        }
        #expect(Set(forms).count == 8)
        let least = try #require(forms.min { $0.lexicographicallyPrecedes($1) })
        for form in forms { #expect(Symmetry.smallest(of: form) == least) }
    }
}
