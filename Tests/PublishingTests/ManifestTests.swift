import AtlasModel
import Fingerprint
import Foundation
import Parallel
import Publishing
import Testing

@Suite struct ManifestTests {
    /// Digests and edition as the Python package xxhash computes them (xxh3_128_hexdigest).
    static let text = """
        {"version": 1, "edition": "6b887f5c66aa659d958851682041b399", "files": [
        ["a-b.html", 0, "99aa06d3014798d86001c324468d497f"],
        ["a/b.html", 12, "daef28279b3dec895badde7d39f5005c"],
        ["index.html", 0, "99aa06d3014798d86001c324468d497f"]
        ]}

        """

    private func file(_ path: String, _ content: String = "") -> Manifest.File {
        Manifest.File(path: path, size: content.utf8.count, digest: Fingerprint(of: content))
    }

    @Test("It is written one file a line, in UTF-8 byte order")
    func written() throws {
        let manifest = try Manifest([
            file("index.html"), file("a/b.html", "<p>Rock</p>\n"), file("a-b.html"),
        ])
        #expect(String(decoding: manifest.bytes(), as: UTF8.self) == Self.text)
    }

    @Test("It is read back as it was written, names with quotes and letters of all alphabets too")
    func readBack() throws {
        let folder = try TestFolder()
        let manifest = try Manifest([
            file("a \"b\".html"), file("größe/岩.html"), file("index.html"),
        ])
        try folder.write(
            String(decoding: manifest.bytes(), as: UTF8.self), to: "public/manifest.json")
        #expect(try Manifest.read(in: folder.atlas) == manifest)
    }

    @Test("An atlas without files has a manifest too")
    func empty() throws {
        let folder = try TestFolder()
        try folder.build([:])
        #expect(try Manifest.read(in: folder.atlas).files == [])
    }

    @Test(
        "A path that is no file of an atlas is refused",
        arguments: [
            ("", "it is empty"), ("/etc/passwd", "it is not relative to the atlas"),
            ("../a.html", "it has an empty part, \".\" or \"..\""),
            ("a/../../b.html", "it has an empty part, \".\" or \"..\""),
            ("a//b.html", "it has an empty part, \".\" or \"..\""),
            ("a/", "it has an empty part, \".\" or \"..\""),
            ("./a.html", "it has an empty part, \".\" or \"..\""),
            ("a\\b.html", "it has a backslash"), ("a\nb.html", "it has a control character"),
            ("votes/1.jsonl", "votes/ belongs to the reviewers"),
            ("Votes/1.jsonl", "votes/ belongs to the reviewers"),
            ("manifest.json", "the name is kept for publishing"),
            (".geoatlas-publish.lock", "the name is kept for publishing"),
            ("a/.~tmp~/b.html", "the name is kept for publishing"),
        ])
    func refused(path: String, reason: String) {
        #expect(throws: PublishingError.refusedPath(path: path, reason: reason)) {
            try Manifest([file("index.html"), file(path)])
        }
    }

    @Test("A path may not be listed twice")
    func twice() {
        #expect(throws: PublishingError.refusedPath(path: "a", reason: "it is listed twice")) {
            try Manifest([file("a"), file("b"), file("a")])
        }
    }

    @Test(
        "A damaged manifest is refused with its path and what to do",
        arguments: [
            ("{\"version\": 1,", "it is not the list that a build writes"),
            ("[]", "it is not the list that a build writes"),
            (text.replacing("99aa", with: "+9aa"), "it is not the list that a build writes"),
            (text.replacing(", 12,", with: ", -12,"), "it is not the list that a build writes"),
            (
                text.replacing(": 1,", with: ": 2,"),
                "its version is 2, and this program knows version 1"
            ),
            (
                text.replacing("a/b", with: "a/../../b"),
                "\"a/../../b.html\" cannot be a file of an atlas: it has an empty part, \".\" or \"..\""
            ),
            (
                text.replacing(", 12,", with: ", 13,"),
                "its list of files is not the one of edition 6b887f5c66aa659d958851682041b399"
            ),
        ])
    func damaged(text: String, reason: String) throws {
        let folder = try TestFolder()
        try folder.write(text, to: "public/manifest.json")
        let error = PublishingError.damagedManifest(
            path: folder.atlas + "/manifest.json", reason: reason)
        #expect(throws: error) { try Manifest.read(in: folder.atlas) }
        #expect(
            error.description == "\(folder.atlas)/manifest.json is damaged (\(reason)). "
                + "Run \"geoatlas build\" again.")
    }

    @Test("A folder without a manifest, and no folder at all, are told apart")
    func missing() throws {
        let folder = try TestFolder()
        #expect(throws: PublishingError.notAFolder(path: folder.atlas)) {
            try Manifest.read(in: folder.atlas)
        }
        try folder.write("", to: "public/index.html")
        #expect(throws: PublishingError.missingManifest(path: folder.atlas + "/manifest.json")) {
            try Manifest.read(in: folder.atlas)
        }
    }

    @Test("Missing, changed and foreign files are found, and what nobody needs to explain is not")
    func check() throws {
        let folder = try TestFolder()
        try folder.build([
            "index.html": "12345", "a/gone.jpg": "x", "a/longer.jpg": "x", "a/other.jpg": "x",
            "a/link.jpg": "x", "a/folder.jpg": "x",
        ])
        try FileManager.default.removeItem(atPath: folder.atlas + "/a/gone.jpg")
        try FileManager.default.removeItem(atPath: folder.atlas + "/a/link.jpg")
        try FileManager.default.createSymbolicLink(
            atPath: folder.atlas + "/a/link.jpg", withDestinationPath: "other.jpg")
        try FileManager.default.removeItem(atPath: folder.atlas + "/a/folder.jpg")
        try folder.write("", to: "public/a/folder.jpg/inside")
        try folder.write("xx", to: "public/a/longer.jpg")
        try folder.write("y", to: "public/a/other.jpg")
        for name in [
            "votes/1.jsonl", ".gitkeep", ".geoatlas-publish.lock", "a/.~tmp~/page.html",
            "a/.other.jpg.Ab3xYz", "notes.txt", "a/.DS_Store", "a/.nobody.jpg.Ab3xYz",
            "a/votes/1.jsonl", "Thumbs.db", "a/desktop.ini", "._index.html",
            "@eaDir/index.html@SynoEAStream", "a/thumbs.db.txt",
        ] { try folder.write("", to: "public/" + name) }
        let foreign = "The manifest does not list the file: no page needs it. Remove it."
        #expect(
            try folder.check(folder.atlas) == [
                "a/folder.jpg: It is a folder or a link, not a file.",
                "a/gone.jpg: The file is missing.",
                "a/link.jpg: It is a folder or a link, not a file.",
                "a/longer.jpg: The file has 2 bytes, and had 1 when it was built.",
                "a/other.jpg: The content has changed since the file was built.",
                "a/.nobody.jpg.Ab3xYz: \(foreign)", "a/folder.jpg/inside: \(foreign)",
                "a/thumbs.db.txt: \(foreign)", "a/votes/1.jsonl: \(foreign)",
                "notes.txt: \(foreign)",
            ])
    }
}
