import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// Tests with the real rsync between temporary folders.
    @Suite struct PublicationTests {
        @Test("A first publish makes the folder, and what lies in it can be read by a web server")
        func first() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            chmod(folder.atlas + "/index.html", 0o600)
            chmod(folder.atlas + "/rocks", 0o700)
            let place = folder.path + "/a b/-c/share"
            let summary = try folder.publish(to: "a b/-c/share")
            // 22 + 4 + 4 bytes of pages and pictures, and the manifest.
            let manifest = try #require(folder.read("public/manifest.json")).utf8.count
            #expect(summary.sent == 7)
            #expect(summary.bytes == 26 + manifest)
            #expect(summary.kept == 0)
            #expect(summary.removed == 0)
            #expect(try folder.check(place) == [])
            for (path, mode) in [
                ("", 0o755), ("/../..", 0o755), ("/rocks", 0o755), ("/index.html", 0o644),
                ("/manifest.json", 0o644), ("/pictures/a.jpg", 0o644),
            ] {
                let found = try FileManager.default.attributesOfItem(atPath: place + path)
                #expect(found[.posixPermissions] as? Int == mode, "\(path)")
            }
        }

        @Test("Publishing the same edition again sends nothing")
        func again() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            let summary = try folder.publish()
            #expect(summary.kept == 7)
            #expect(summary.sent + summary.removed + summary.bytes == 0)
            try folder.expectShare(holds: Editions.first)
        }

        @Test("A new edition replaces the old one, and leaves votes and files of others alone")
        func newEdition() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            try folder.write("{}\n", to: "share/votes/1.jsonl")
            try folder.write("mine", to: "share/rocks/notes.txt")
            // Same size and same time as the old files: only the content differs.
            try folder.build(Editions.second)
            for path in try folder.files("share") where folder.read("public/" + path) != nil {
                let old = try FileManager.default.attributesOfItem(
                    atPath: folder.share + "/" + path)
                try FileManager.default.setAttributes(
                    [.modificationDate: old[.modificationDate]!],
                    ofItemAtPath: folder.atlas + "/" + path)
            }
            let mine = ["votes/1.jsonl", "rocks/notes.txt"]
            let old = ["rocks/2.html", "style-1.css"]
            let result = try folder.publish()
            // Sent: two pages, a picture, a style, the manifest. Kept: picture a.
            #expect(result == .init(sent: 5, kept: 1, removed: 0, bytes: result.bytes, waiting: 2))
            try folder.expectShare(
                holds: Editions.second, others: mine + old + [".geoatlas-publish.json"])
            // Files that are out of the atlas are no fault of it.
            #expect(
                try folder.check(folder.share) == [
                    "rocks/notes.txt: The manifest does not list the file: no page needs it. Remove it."
                ])
            let next = try folder.publish()
            #expect(next == .init(sent: 0, kept: 6, removed: 2, bytes: 0, waiting: 0))
            try folder.expectShare(holds: Editions.second, others: mine)
            #expect(folder.read("share/votes/1.jsonl") == "{}\n")
            #expect(folder.read("share/rocks/notes.txt") == "mine")
        }

        @Test("With --remove-now, files out of the atlas go at once, and folders that become empty")
        func removeNow() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            try folder.build(["index.html": "front", "pictures/a.jpg": "aaaa"])
            #expect(try folder.publish([.removeNow]).removed == 4)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: folder.share).sorted()
                    == ["index.html", "manifest.json", "pictures", "pictures/a.jpg"])
        }

        @Test("A file that comes back before its removal stays")
        func comesBack() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            try folder.build(Editions.second)
            try folder.publish()
            try folder.build(Editions.first)
            // Sent: three files of the same names with other contents, and the manifest.
            #expect(try folder.publish().sent == 4)
            try folder.publish()
            try folder.expectShare(holds: Editions.first)
        }

        @Test("A dry run changes nothing, and says what a publication does")
        func dryRun() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            let all = Editions.first.keys.sorted()
            let size = try #require(folder.read("public/manifest.json")).utf8.count
            var plan = try folder.publish([.dryRun])
            #expect(
                plan
                    == .init(
                        sent: 7, kept: 0, removed: 0, bytes: 26 + size, waiting: 0,
                        changes: .init(new: (all + ["manifest.json"]).sorted())))
            #expect(!FileManager.default.fileExists(atPath: folder.share))

            try folder.publish()
            try folder.build(Editions.second)
            let before = try FileManager.default.subpathsOfDirectory(atPath: folder.share).sorted()
            plan = try folder.publish([.dryRun])
            #expect(
                plan.changes
                    == .init(
                        new: ["style-2.css"],
                        replaced: [
                            "index.html", "manifest.json", "pictures/b.jpg", "rocks/1.html",
                        ],
                        removed: [], waiting: ["rocks/2.html", "style-1.css"]))
            #expect(
                try folder.publish([.dryRun, .removeNow]).changes?.removed
                    == ["rocks/2.html", "style-1.css"])
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: folder.share).sorted()
                    == before)
            let remote = try folder.publish(to: folder.remoteShare(), [.dryRun])
            #expect(remote == plan)
            #expect(
                try folder.publish(to: folder.remoteShare() + "/new", [.dryRun]).changes?.replaced
                    == [])
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: folder.share).sorted()
                    == before)
        }

        @Test(
            "Over ssh, pages come after what they name, the front page after them, the manifest last"
        )
        func order() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(["a.html": "1", "index.html": "1"])
            try folder.publish(to: share)
            try folder.build([
                "a.html": "2", "b.html": "new", "index.html": "2", "1.jpg": "j", "s.css": "s",
            ])
            let path = try folder.rsync(
                """
                for a in "$@"; do case "$a" in --files-from=*)
                  tr '\\0' ' ' < "${a#--files-from=}" >> "$here/order"; echo >> "$here/order";;
                esac; done
                """)
            try folder.publish(to: share, searchPath: path)
            #expect(
                folder.read("bin/order") == """
                    1.jpg s.css 
                    b.html 
                    a.html 
                    index.html 
                    manifest.json 

                    """)
        }

        @Test(
            "In a folder of a group, what is published belongs to the group too",
            arguments: [false, true])
        func group(isRemote: Bool) throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try FileManager.default.createDirectory(
                atPath: folder.share, withIntermediateDirectories: true)
            chmod(folder.share, 0o2775)
            try folder.publish(to: isRemote ? folder.remoteShare() : nil)
            func mode(_ path: String) throws -> mode_t {
                var status = stat()
                try #require(stat(folder.share + path, &status) == 0)
                return status.st_mode & 0o7777
            }
            #expect(try mode("/rocks") == 0o2775)
            #expect(try mode("/index.html") == 0o664)
        }

        @Test("Without permissions to set, as on FAT, rsync is not asked to set any")
        func fixed() throws {
            // There is no file of this program on which a change could succeed.
            let none = DestinationPermissions(of: "/", probe: "/no-such-file")
            #expect(none == .fixed)
            #expect(none.options.isEmpty)
            #expect(none.fileMode == nil)
            #expect(none.folderMode == nil)
        }
    }
}
