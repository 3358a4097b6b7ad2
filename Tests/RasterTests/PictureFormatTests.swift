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
        ] as [(PictureFormat, [UInt8], [String], String)])
    func facts(format: PictureFormat, signature: [UInt8], extensions: [String], type: String) {
        #expect(format.signature == signature)
        #expect(format.fileExtensions == extensions)
        #expect(format.mediaType == type)
        #expect(PictureFormat(of: signature + [0, 1]) == format)
        #expect(PictureFormat(of: Array(signature.dropLast())) == nil)
    }

    @Test(
        "An extension names its format in any case, others name none",
        arguments: [("jpg", .jpeg), ("JPEG", .jpeg), ("Png", .png), ("gif", nil), ("", nil)]
            as [(String, PictureFormat?)])
    func extensions(name: String, format: PictureFormat?) {
        #expect(PictureFormat(fileExtension: name) == format)
    }
}
