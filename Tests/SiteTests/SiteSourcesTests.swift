import Foundation
import Testing

@testable import Site

@Suite struct SiteSourcesTests {
    /// A content folder with these files, and the notes of the check.
    private func notes(
        _ files: [String: [UInt8]], links: [String: String] = [:], pipe: String? = nil
    ) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path, withDestinationPath: target)
        }
        if let pipe { #expect(mkfifo(folder.appending(path: pipe).path, 0o600) == 0) }
        do {
            return try SiteSources(
                theme: Theme(TinyEdition.root.appending(path: "templates").path),
                content: folder.path
            )
            .notes.map { $0.replacing(folder.path, with: "content") }
        } catch {
            throw Failure(text: "\(error)".replacing(folder.path, with: "content"))
        }
    }

    private struct Failure: Error, Equatable { let text: String }

    @Test("Files that are read, and files of readers, give no note")
    func plain() throws {
        let text = Array("---\ntitle: A\n---\nText\n".utf8)
        #expect(
            try notes([
                "about.md": text, "rocks/granite.md": text, "atlas.yml": [], "labels.csv": [],
                "map.pdf": [], "data/levels.csv": [],
                "drafts/a.md": text,
            ]) == [])
    }

    @Test(
        "A file with nearly the name of one that is read is named",
        arguments: [
            ("atlas.yaml", "the settings are in content/atlas.yml. Rename or remove it"),
            ("Atlas.yml", "the settings are in content/atlas.yml. Rename or remove it"),
            ("atlas.yml.txt", "the settings are in content/atlas.yml. Rename or remove it"),
            (
                "lables.csv",
                "corrected labels are in content/labels.csv. Save it as \"CSV UTF-8\" under that name, "
                    + "or remove it"
            ),
            (
                "labels.xlsx",
                "corrected labels are in content/labels.csv. Save it as \"CSV UTF-8\" under that name, "
                    + "or remove it"
            ),
            (
                "about.docx",
                "texts are Markdown files, and their names end in \".md\". Save it as one"
            ),
            (
                "rocks/gneiss.txt",
                "texts are Markdown files, and their names end in \".md\". Save it as one"
            ),
            ("about.MD", "the names of texts end in \".md\". Rename it"),
            ("rocks/gneiss.markdown", "the names of texts end in \".md\". Rename it"),
            ("Rocks/gneiss.md", "texts are in content or content/rocks. Move it there"),
            ("rock/gneiss.md", "texts are in content or content/rocks. Move it there"),
        ])
    func nearly(name: String, reason: String) throws {
        #expect(try notes([name: [0x61]]) == ["content/\(name) is not read: \(reason)."])
    }

    @Test("A text that is not in UTF-8 is refused with its line")
    func encoding() {
        let bytes = Array("---\ntitle: ".utf8) + [0xDC] + Array("ber\n---\n".utf8)
        #expect(
            throws: Failure(
                text:
                    "content/rocks/gneiss.md, line 2: the text is not in UTF-8. Save the file in UTF-8."
            )
        ) { try notes(["rocks/gneiss.md": bytes]) }
    }

    @Test("Front matter without an end is refused")
    func open() {
        #expect(
            throws: Failure(
                text:
                    "content/about.md: the lines between \"---\" and \"---\" at its top cannot be "
                    + "read (line 1: no line \"---\" closes them). "
                    + "Write them as \"title: …\", \"author: …\", \"date: …\"."
            )
        ) { try notes(["about.md": Array("---\ntitle: A\n\nText\n".utf8)]) }
    }

    @Test("What programs leave behind is counted and not read")
    func leftBehind() throws {
        #expect(
            try notes(["about.md~": [0xFF], "@eaDir/about.md": [0xFF], "Thumbs.db": [1]])
                == [
                    "content: 3 files or folders that programs left there were passed over "
                        + "(@eaDir, Thumbs.db, about.md~)."
                ])
    }

    @Test("Links that lead out of the folder are named and not read, and others are read")
    func links() throws {
        let outside = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data("secret".utf8).write(to: outside)
        defer { try? FileManager.default.removeItem(at: outside) }
        let text = Array("---\ntitle: A\n---\nText\n".utf8)
        let reason = "is a link that leads out of content, so it is not read. "
        let advice = "Put a copy of the file there instead."
        #expect(
            try notes(
                ["about.md": text],
                links: [
                    "leak.md": outside.path, "here.md": "about.md", "etc": "/usr",
                ]
            ) == ["content/etc \(reason)\(advice)", "content/leak.md \(reason)\(advice)"])
    }

    @Test("A text that is a named pipe, and one that no page can hold, are refused")
    func odd() throws {
        #expect(
            throws: Failure(
                text: "content/about.md is larger than 8 MB, too much for a page. "
                    + "Divide it, or remove it.")
        ) { try notes(["about.md": [UInt8](repeating: 0x61, count: 8_000_001)]) }
        #expect(
            throws: Failure(
                text: "content/pipe.md cannot be read (it is not a regular file). "
                    + "Check that it is there, in UTF-8, and that you may open it.")
        ) { try notes([:], pipe: "pipe.md") }
    }

    @Test("A pointer of Git LFS is told as such")
    func pointer() {
        let text = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"
        #expect(
            throws: Failure(
                text: "content/about.md: This is a pointer of Git LFS, not the file itself. "
                    + "Run \"git lfs pull\" in the repository, or copy the file itself."
            )
        ) { try notes(["about.md": Array(text.utf8)]) }
    }
}
