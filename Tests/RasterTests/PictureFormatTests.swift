import AtlasModel
import Testing

@Suite struct PictureFormatTests {
    @Test(
        "The facts about a format are those of its standard and of IANA's registry",
        arguments: [
            // ITU-T T.81, table B.1; RFC 2046, section 4.2.
            (.jpeg, [0xFF, 0xD8, 0xFF], ["jpg", "jpeg"], "image/jpeg"),
            // ISO/IEC 15948:2004, sections 5.2 and A.1: \211 P N G \r \n \032 \n.
            (.png, [137, 80, 78, 71, 13, 10, 26, 10], ["png"], "image/png"),
            // TIFF 6.0, section 2: II or MM, and 42; RFC 3302. BigTIFF has 43.
            (.tiff, [73, 73, 42, 0], ["tif", "tiff"], "image/tiff"),
            (.tiff, [77, 77, 0, 42], ["tif", "tiff"], "image/tiff"),
            (.tiff, [73, 73, 43, 0], ["tif", "tiff"], "image/tiff"),
            // RFC 9649, sections 2.4 and 7: RIFF, a size, WEBP.
            (.webp, [82, 73, 70, 70, 1, 2, 3, 4, 87, 69, 66, 80], ["webp"], "image/webp"),
            // ISO/IEC 23008-12, 10.2 and annex B: a box ftyp with the brand heic.
            (
                .heif, [0, 0, 0, 24, 102, 116, 121, 112, 104, 101, 105, 99],
                ["heic", "heif", "avif"], "image/heic"
            ),
        ] as [(PictureFormat, [UInt8], [String], String)])
    func facts(format: PictureFormat, signature: [UInt8], extensions: [String], type: String) {
        #expect(format.fileExtensions == extensions)
        #expect(format.mediaType == type)
        #expect(PictureFormat(of: signature + [0, 1]) == format)
        #expect(PictureFormat(of: Array(signature.dropLast())) == nil)
    }

    @Test(
        "A picture that browsers do not show is published as PNG up to 64 pixels, else as JPEG",
        arguments: [
            (.jpeg, 9, .jpeg), (.png, 900, .png), (.webp, 900, .webp), (.tiff, 64, .png),
            (.tiff, 65, .jpeg), (.heif, 4_000, .jpeg),
        ] as [(PictureFormat, Int, PictureFormat)])
    func published(format: PictureFormat, side: Int, published: PictureFormat) {
        #expect(format.published(width: side, height: 1) == published)
        #expect(format.published(width: 1, height: side) == published)
    }

    @Test(
        "An extension names its format in any case, others name none",
        arguments: [("jpg", .jpeg), ("JPEG", .jpeg), ("Png", .png), ("gif", nil), ("", nil)]
            as [(String, PictureFormat?)])
    func extensions(name: String, format: PictureFormat?) {
        #expect(PictureFormat(fileExtension: name) == format)
    }
}
