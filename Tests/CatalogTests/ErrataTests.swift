import Archives
import AtlasModel
import Foundation
import Parallel
import Raster
import Testing

@testable import Catalog

/// The content of errata as a table: the kind as `--json` writes it, the detail, the reason.
@Suite struct ErrataTests {
    private static let entries: [(EntryFault, String, String?, String)] = [
        (
            .undecodable(.empty), "empty-file", nil,
            "The file is empty. Copy it again from where it came from."
        ),
        (
            .undecodable(.unknownFormat), "not-a-picture", nil,
            "This is no picture in a format that GeoAtlas knows. Save it as JPEG, PNG, TIFF or WebP."
        ),
        (
            .undecodable(.damaged(detail: "bad code (2)")), "damaged-picture", "bad code (2)",
            "The picture is damaged or cut short (bad code (2)). "
                + "Copy it again from where it came from."
        ),
        (
            .undecodable(.tooLarge(width: 30_000, height: 20_000, limit: 200_000_000)),
            "too-many-pixels", "30000 × 20000 pixels, more than 200 million",
            "The picture is too large (30000 × 20000 pixels, more than 200 million). Reduce it."
        ),
        (
            .undecodable(.foreign(.bmp)), "unread-format", nil,
            "This is a BMP picture, which GeoAtlas does not read. "
                + "Convert it to PNG, for example with ImageMagick: mogrify -format png FILE"
        ),
        (
            .undecodable(.tooMuchMemory(needed: 9_000_001, limit: 8_000_000)), "too-much-memory",
            "10 MB, more than 8 MB",
            "The picture needs more memory than one picture may use (10 MB, more than 8 MB). "
                + "Reduce it, or raise \"memory\" in atlas.yml: one picture may use half of it."
        ),
        (
            .undecodable(.tooMuchWork(detail: "900 scans of 9 × 9 pixels")), "too-much-work",
            "900 scans of 9 × 9 pixels",
            "The picture takes too long to decode (900 scans of 9 × 9 pixels). "
                + "Save it again as a baseline JPEG."
        ),
        (
            .unreadableFile(reason: "no permission"), "unreadable-file", "no permission",
            "The file cannot be read (no permission). Check that you may open it."
        ),
        (
            .notDownloaded, "not-downloaded", nil,
            "The file is still in iCloud, and only a placeholder is here. "
                + "Download it: choose \"Download Now\" in the menu of the folder in Finder."
        ),
        (
            .unreadableFolder, "unreadable-folder", nil,
            "The folder cannot be opened. Check that you may read it."
        ),
        (
            .inArchive(.cutShort), "damaged-in-archive", "it is cut short",
            "The file is damaged inside the archive (it is cut short). "
                + "Pack or download the archive again."
        ),
        (
            .inArchive(.encrypted), "password-protected", nil,
            "The file is protected by a password. Pack it again without one."
        ),
        (
            .inArchive(.unknownMethod(9)), "unknown-compression", "Deflate64",
            "The file is packed in a way GeoAtlas does not know (Deflate64). "
                + "Pack it again as a plain zip archive, with the method Deflate."
        ),
        (
            .inArchive(.expandsTooFar), "expands-too-far", nil,
            "The file unpacks to far more bytes than a picture. "
                + "If it is a picture, put the file itself into a folder."
        ),
        (
            .unusableName(.empty), "unusable-name", "it is empty",
            "The name of the file cannot be used (it is empty). Rename it and pack again."
        ),
        (
            .otherKind(.rar), "packed-archive", "a RAR archive",
            "This is an archive inside the collection, which is not opened (a RAR archive). "
                + "Unpack it into the collection, or give it beside the collection."
        ),
        (
            .otherKind(.webPage), "server-answer", "a web page",
            "This is probably an error page of a web server instead of the picture (a web page). "
                + "Download the picture again."
        ),
        (
            .repeatedPath, "repeated-path", nil,
            "The archive holds another file of exactly this name, which is used. "
                + "Rename one and pack again."
        ),
        (
            .fileTooLarge, "file-too-large", nil,
            "The file is larger than 600 megabytes. Reduce the picture."
        ),
        (
            .link, "link", nil,
            "This is a link, and links are not followed. Copy the file itself."
        ),
        (.notAFile, "not-a-file", nil, "This is not a regular file. Remove it."),
        (
            .nameNotUnicode, "name-not-unicode", nil,
            "The name holds characters that are no Unicode. Rename it."
        ),
        (
            .pointer, "lfs-pointer", nil,
            "This is a pointer of Git LFS, not the file itself. "
                + "Run \"git lfs pull\" in the repository, or copy the file itself."
        ),
        (
            .hiddenFile, "hidden-file", nil,
            "This is a hidden file, passed over. Rename it to use it: its name begins with a dot."
        ),
        (
            .hiddenFolder, "hidden-folder", nil,
            "This is a hidden folder with pictures, passed over. "
                + "Rename it to use it: its name begins with a dot."
        ),
        (
            .buildFolder, "build-folder", nil,
            "This folder belongs to the build itself; what lies in it is left out. "
                + "Keep pictures of the collection in another folder."
        ),
        (
            .atlasFolder, "atlas-folder", nil,
            "This folder is an atlas that GeoAtlas made; its pictures are left out. "
                + "Keep pictures of the collection in another folder."
        ),
    ]

    private static let keys: [(KeyFault, String, String?, String)] = [
        (
            .twoWithOneKey("gneiss/a", other: "x/gneiss/a.jpg", usedAs: "gneiss/a~2"),
            "two-with-one-key",
            "x/gneiss/a.jpg has the key gneiss/a; this one is used as gneiss/a~2",
            "Another picture is called gneiss/a already. This one is used as gneiss/a~2. "
                + "Rename one of the two files if you want another key."
        ),
        (
            .unreadableLine(4, separator: ","), "correction-line", "Line 4",
            "Line 4 is not \"key,label,reason\". "
                + "Write key, label and reason with commas between them."
        ),
        (
            .twice(key: "gneiss/a", 3, 7), "correction-twice", "gneiss/a, lines 3 and 7",
            "Lines 3 and 7 both correct gneiss/a. The later one counts; remove the other."
        ),
        (
            .unreadableLine(4, separator: ";"), "correction-line", "Line 4",
            "Line 4 is not \"key,label,reason\". "
                + "Write key, label and reason with semicolons between them."
        ),
        (
            .line(.openQuote(3)), "correction-quote", "Line 3",
            "Line 3 has a quotation mark that is not closed, so it was ignored. "
                + "Remove the mark, or close it."
        ),
        (
            .line(.noPicture("gneiss/zz", line: 2, nearest: nil)), "correction-without-picture",
            "Line 2: gneiss/zz",
            "Line 2: the collection has no picture gneiss/zz. Check the key, or remove the line."
        ),
        (
            .line(.noPicture("gneis/a", line: 2, nearest: "gneiss/a")),
            "correction-without-picture",
            "Line 2: gneis/a (did you mean gneiss/a?)",
            "Line 2: the collection has no picture gneis/a (did you mean gneiss/a?). "
                + "Check the key, or remove the line."
        ),
        (
            .line(.severalPictures("a", line: 5, keys: ["gneiss/a", "marble/a"])),
            "correction-of-several", "Line 5: a may be gneiss/a or marble/a",
            "Line 5: a may be gneiss/a or marble/a. Write the whole key of the picture."
        ),
        (
            .noType(label: "granite", key: "gneiss/a", line: 7, nearest: nil),
            "correction-without-type", "Line 7: \"granite\", for gneiss/a",
            "Line 7: \"granite\", for gneiss/a, is no rock type of this atlas. "
                + "Check the label, or add the type to content/atlas.yml."
        ),
        (
            .noType(label: "gneis", key: "gneiss/a", line: 7, nearest: "gneiss"),
            "correction-without-type", "Line 7: \"gneis\", for gneiss/a (did you mean gneiss?)",
            "Line 7: \"gneis\", for gneiss/a, is no rock type of this atlas (did you mean gneiss?). "
                + "Check the label, or add the type to content/atlas.yml."
        ),
    ]

    private static let labels: [(LabelFault, String, String?, String)] = [
        (
            .folderWithoutType(2, nearest: "gneiss"), "folder-without-type",
            "2 pictures; did you mean \"gneiss\"?",
            "The folder is no rock type of this atlas, so its 2 pictures have no label "
                + "(did you mean \"gneiss\"?). Rename the folder, or add the type to \"types:\" in "
                + "content/atlas.yml."
        ),
        (
            .twoLabels(other: "marble/x", label: "gneiss", otherLabel: "marble"), "two-labels",
            "gneiss here, marble as marble/x",
            "This picture is labelled gneiss, and marble/x, which shows the same, marble. "
                + "Look at it, and remove one of the two or correct it in content/labels.csv. Until "
                + "then no network learns from them, and they count in no figure."
        ),
    ]

    private static let remarks: [(PictureRemark, String, String?, String)] = [
        (
            .damaged(detail: "bad code (2)"), "partly-damaged", "bad code (2)",
            "The picture is damaged or cut short, and is shown as far as it could be decoded "
                + "(bad code (2)). Copy it again from where it came from."
        ),
        (
            .pages(3), "several-pictures", "3 pictures",
            "The file has several pictures, and the first is used (3 pictures). "
                + "Save the others as files of their own to use them too."
        ),
        (
            .animation, "several-pictures", "an animation",
            "The file has several pictures, and the first is used (an animation). "
                + "Save the others as files of their own to use them too."
        ),
        (
            .fewBits(12), "few-bits", "12 bits",
            "The picture has 16 bits a sample but uses fewer, and is shown brighter to be seen "
                + "(12 bits). Save it with its full range, if its brightness matters."
        ),
    ]

    private static let metadata: [(MetadataFault, String, String?, String)] = [
        (
            .noKey(names: ["a", "b"]), "metadata-table",
            "no column is called \"key\" or \"file name\", only \"a\", \"b\"",
            "A table of metadata cannot be read (no column is called \"key\" or \"file name\", only "
                + "\"a\", \"b\"). Save it as \"CSV UTF-8\", with a column \"key\" or \"file name\"."
        ),
        (
            .tooManyCells(line: 3, count: 5, header: 4), "metadata-line",
            "Line 3: 5 cells, 4 in the header",
            "Line 3 has 5 cells, but the header has 4. "
                + "Check its key, and put cells that contain the separator into quotation marks."
        ),
        (
            .line(.openQuote(3)), "metadata-quote", "Line 3",
            "Line 3 has a quotation mark that is not closed, so it was ignored. "
                + "Remove the mark, or close it."
        ),
        (
            .line(.noPicture("x", line: 2, nearest: "y")), "metadata-without-picture",
            "Line 2: x (did you mean y?)",
            "Line 2: the collection has no picture x (did you mean y?). "
                + "Check the key or the file name, or remove the line."
        ),
        (
            .line(.severalPictures("x", line: 2, keys: ["a/x", "b/x"])), "metadata-of-several",
            "Line 2: x may be a/x or b/x",
            "Line 2: x may be a/x or b/x. Write the whole key of the picture."
        ),
        (
            .twice(key: "a/x", first: 2, line: 9), "metadata-twice", "a/x, lines 2 and 9",
            "Lines 2 and 9 are both about a/x. The cells of the later one count; remove the other."
        ),
        (
            .depths(from: "12", to: "5", line: 4), "metadata-value",
            "Line 4: depth from 12 to 5 m",
            "Line 4: the depth from 12 m is greater than the depth to 5 m. "
                + "Correct the cell. The other cells of the line are used."
        ),
    ]

    private static let verdicts: [(VerdictFault, String, String?, String)] = [
        (
            .unreadableLine(3), "verdict-line", "Line 3",
            "Line 3 does not name two pictures. "
                + "Write a line as \"a,b,verdict,reason\", with the keys of two pictures."
        ),
        (
            .noVerdict("maybe", line: 3), "verdict-line", "Line 3: \"maybe\"",
            "Line 3: \"maybe\" is no verdict. "
                + "Write \"duplicate\" or \"not a duplicate\", or leave it empty."
        ),
        (
            .onePicture(key: "a/x", line: 3), "verdict-line", "Line 3: a/x",
            "Line 3 names a/x twice. Write the keys of two pictures."
        ),
        (
            .line(.openQuote(3)), "verdict-quote", "Line 3",
            "Line 3 has a quotation mark that is not closed, so it was ignored. "
                + "Remove the mark, or close it."
        ),
        (
            .twice(keys: ["a/x", "a/y"], 2, 9), "verdict-twice", "a/x and a/y, lines 2 and 9",
            "Lines 2 and 9 are both about a/x and a/y. The later one counts; remove the other."
        ),
        (
            .line(.noPicture("x", line: 2, nearest: "y")), "verdict-without-picture",
            "Line 2: x (did you mean y?)",
            "Line 2: the collection has no picture x (did you mean y?). "
                + "Check the key, or remove the line."
        ),
        (
            .line(.severalPictures("x", line: 2, keys: ["a/x", "b/x"])), "verdict-of-several",
            "Line 2: x may be a/x or b/x",
            "Line 2: x may be a/x or b/x. Write the whole key of the picture."
        ),
    ]

    @Test(
        arguments: entries.map { ($0.finding, $1, $2, $3) } + keys.map { ($0.finding, $1, $2, $3) }
            + labels.map { ($0.finding, $1, $2, $3) } + remarks.map { ($0.finding, $1, $2, $3) }
            + metadata.map { ($0.finding, $1, $2, $3) }
            + verdicts.map { ($0.finding, $1, $2, $3) })
    func `An erratum says what, of which kind, and what to do`(
        finding: Erratum.Finding, kind: String, detail: String?, reason: String
    ) throws {
        let erratum = Erratum(path: "a/b.jpg", finding)
        #expect(erratum.reason == reason)
        #expect(erratum.detail == detail)
        #expect(reason.hasSuffix(". " + erratum.advice))
        var printed = [
            "path": "a/b.jpg", "kind": kind, "reason": reason, "advice": erratum.advice,
        ]
        printed["detail"] = detail
        let json = try JSONEncoder().encode(erratum)
        #expect(try JSONDecoder().decode([String: String].self, from: json) == printed)
    }

    @Test func `Every kind has its words, and one heading and advice for all its errata`() {
        let findings =
            Self.entries.map(\.0.finding) + Self.keys.map(\.0.finding)
            + Self.labels.map(\.0.finding) + Self.remarks.map(\.0.finding)
            + Self.metadata.map(\.0.finding) + Self.verdicts.map(\.0.finding)
        #expect(Set(findings.map(\.kind)) == Set(Erratum.Kind.allCases))
        #expect(Set(findings.map(\.heading)).count == Erratum.Kind.allCases.count)
    }

    @Test func `What reading a file throws becomes a fault without the path`() {
        #expect(EntryFault(RasterError.empty) == .undecodable(.empty))
        #expect(
            EntryFault(CatalogError.unreadable(path: "a", reason: "r"))
                == .unreadableFile(reason: "r"))
        #expect(
            EntryFault(ZipFault.cutShort) == .inArchive(.cutShort))
        struct Odd: Error, CustomStringConvertible { let description = "odd" }
        #expect(EntryFault(Odd()) == .unreadableFile(reason: "odd"))
    }

    @Test func `Readings keep the facts of every entry that is not used`() throws {
        let scratch = try Scratch()
        try scratch.picture("gneiss/a.png", 1)
        try scratch.write("gneiss/b.png", [])
        try scratch.write("gneiss/c.png", [0xFF, 0xD8, 0xFF, 0xE0] + Array("é\"\\".utf8))
        try scratch.write("gneiss/.d.jpg", [0xFF, 0xD8, 0xFF, 0xE0])
        let collection = try Catalog.Collection.open(scratch.folder.path)
        let readings = try collection.readings(workers: Workers(2))
        let file = scratch.folder.appending(path: "readings.h5").path
        try readings.write(to: file)
        func errata(_ readings: Readings) throws -> [Erratum] {
            try collection.catalogue(
                of: readings, rockTypes: RockType.reference,
                division: Division(shares: [70, 18, 12])
            ).errata
        }
        let found = try errata(readings)
        #expect(found.map(\.kind) == [.hiddenFile, .emptyFile, .damagedPicture])
        #expect(try errata(Readings(contentsOf: file)) == found)
    }
}
