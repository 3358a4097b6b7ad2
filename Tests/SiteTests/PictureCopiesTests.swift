import AtlasModel
import Raster
import Testing

@testable import Site

@Suite struct PictureCopiesTests {
    private func image(_ format: PictureFormat, _ width: Int, _ height: Int) -> ImageRecord {
        ImageRecord(
            key: "tuff/a", label: 0, path: "tuff/a", width: width, height: height, byteCount: 1,
            format: format, split: .train, digest: "")
    }

    @Test("Only copies that are not coded again keep data")
    func kept() {
        let keeping = PictureCopies(keepsMetadata: true, largest: 800)
        let both: RemovedData = [.position, .other]
        #expect(keeping.data(of: both, in: image(.jpeg, 800, 600)) == CopiedData(kept: both))
        #expect(keeping.data(of: both, in: image(.jpeg, 600, 801)) == CopiedData(removed: both))
        #expect(keeping.data(of: both, in: image(.tiff, 60, 60)) == CopiedData(removed: both))
        #expect(keeping.data(of: both, in: image(.heif, 300, 300)) == CopiedData(removed: both))
        let plain = PictureCopies()
        #expect(plain.data(of: both, in: image(.jpeg, 800, 600)) == CopiedData(removed: both))
    }

    @Test("What a copy says of itself is what it holds")
    func copies() throws {
        // A comment of a JPEG file.
        let plain = try Picture(width: 9, height: 9, pixels: [UInt8](repeating: 80, count: 243))
            .jpeg(quality: 90)
        let file = Array(plain.prefix(2)) + [0xFF, 0xFE, 0, 4, 0x48, 0x69] + plain.dropFirst(2)
        let kept = try PictureCopies(keepsMetadata: true).copy(of: file)
        #expect(kept.bytes == file)
        #expect(kept.data == CopiedData(kept: .other))
        let removed = try PictureCopies().copy(of: file)
        #expect(removed.bytes == plain)
        #expect(removed.data == CopiedData(removed: .other))
    }

    @Test("A note counts what was removed and what was kept")
    func notes() {
        func note(_ copies: PictureCopies, removed: [RemovedData], kept: [RemovedData] = [])
            -> String?
        {
            copies.note(
                of: removed.map { CopiedData(removed: $0) } + kept.map { CopiedData(kept: $0) },
                settings: "atlas.yml")
        }
        let (removing, keeping) = (PictureCopies(), PictureCopies(keepsMetadata: true))
        #expect(note(removing, removed: [[], []]) == nil)
        #expect(
            note(removing, removed: [[.position, .other], .other, []])
                == "Positions were removed from the published copies of 1 picture, and other data of "
                + "cameras and programs from 2. To publish them, write \"metadata: keep\" into atlas.yml."
        )
        #expect(
            note(removing, removed: [.other])
                == "Data of cameras and programs were removed from the published copies of 1 picture. "
                + "To publish them, write \"metadata: keep\" into atlas.yml.")
        #expect(
            note(keeping, removed: [.other], kept: [[.position, .other], .other, []])
                == "2 published pictures keep data of cameras and programs, 1 of them a position, "
                + "because atlas.yml says \"metadata: keep\". 1 published picture has none of these "
                + "data, because it was converted or reduced.")
        #expect(
            note(keeping, removed: [], kept: [.other])
                == "1 published picture keeps data of cameras and programs, because atlas.yml says "
                + "\"metadata: keep\".")
        #expect(
            note(keeping, removed: [.other, .other])
                == "2 published pictures have none of the data of cameras and programs, because they "
                + "were converted or reduced.")
        #expect(note(keeping, removed: [[]]) == nil)
    }
}
