import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// Publications that are stopped, and what the next one does.
    @Suite struct InterruptedPublicationTests {
        /// Calls of rsync: 1 pictures and the like, 2 changed pages, 3 front page, 4 manifest.
        @Test(
            "Stopped at any step, the destination still works, and the next publication finishes",
            arguments: 1...4)
        func stopped(call: Int) throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(Editions.first)
            try folder.publish(to: share)
            try folder.build(Editions.second)
            let path = try folder.rsync(
                "[ $call = \(call) ] && { echo 'rsync: it broke.' >&2; exit 12; }")
            let error = PublishingError.rsyncFailed(
                destination: share, status: 12, text: "rsync: it broke")
            #expect(throws: error) { try folder.publish(to: share, searchPath: path) }
            #expect(!error.description.contains(".."))
            // At every step, each page at the share finds the files that it names: both styles are
            // there until no page needs the first.
            let pages = call <= 2 ? Editions.first : Editions.second
            #expect(folder.read("share/rocks/1.html") == pages["rocks/1.html"])
            #expect(folder.read("share/style-1.css") == "s")
            if call > 1 { #expect(folder.read("share/style-2.css") == "s") }
            #expect(folder.read("share/.geoatlas-publish.lock") == nil)
            try folder.publish(to: share)
            try folder.expectShare(
                holds: Editions.second,
                others: ["rocks/2.html", "style-1.css", ".geoatlas-publish.json"])
            try folder.publish()
            try folder.expectShare(holds: Editions.second)
        }

        @Test("What a stopped publication brought goes even if the next edition is another")
        func abandoned() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(Editions.first)
            try folder.publish(to: share)
            try folder.build(Editions.second)
            let path = try folder.rsync("[ $call = 2 ] && exit 30")
            #expect(throws: PublishingError.self) {
                try folder.publish(to: share, searchPath: path)
            }
            #expect(folder.read("share/style-2.css") == "s")
            try folder.build(Editions.first)
            let result = try folder.publish()
            #expect(result.waiting == 1)
            // Picture b may have had either content.
            #expect(folder.read("share/pictures/b.jpg") == "bbbb")
            #expect(try folder.publish().removed == 1)
            try folder.expectShare(holds: Editions.first)
        }

        @Test("A folder that a stopped publication left empty goes with the next one")
        func emptyFolder() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            try folder.build(["index.html": "front", "pictures/a.jpg": "aaaa"])
            try folder.publish()
            // As if the removal had been stopped before the folder.
            for page in ["1", "2"] {
                try FileManager.default.removeItem(
                    atPath: folder.share + "/rocks/\(page).html")
            }
            try folder.publish()
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: folder.share).sorted()
                    == ["index.html", "manifest.json", "pictures", "pictures/a.jpg"])
        }

        @Test("What arrives damaged over ssh is noticed before the manifest is sent")
        func arrivedDamaged() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(Editions.first)
            let path = try folder.rsync("", after: "printf aaab > '\(folder.share)/pictures/a.jpg'")
            #expect(
                throws: PublishingError.arrivedDamaged(
                    destination: share, path: "pictures/a.jpg", reason: "its checksum differs")
            ) { try folder.publish(to: share, searchPath: path) }
            #expect(folder.read("share/manifest.json") == nil)
            try folder.publish(to: share)
            #expect(try folder.check(folder.share) == [])
        }

        @Test("A publish that cannot write pages leaves the old ones, with all they need")
        func pagesCannotBeWritten() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            // A folder that is not empty has the path of a page.
            try FileManager.default.removeItem(atPath: folder.share + "/rocks/1.html")
            try folder.write("", to: "share/rocks/1.html/mine")
            try folder.build(Editions.second)
            let error = try #require(throws: PublishingError.self) { try folder.publish() }
            #expect(
                error
                    == .copyFailed(path: folder.share + "/rocks/1.html", number: EISDIR))
            #expect(folder.read("share/index.html") == "front")
            #expect(folder.read("share/style-2.css") == "s")
            #expect(try folder.files("share").filter { $0.contains("/.1.html") } == [])
            #expect(folder.read("share/rocks/1.html/mine") == "")
        }

        @Test("A damaged manifest at the destination is said, and removes nothing")
        func damagedThere() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish()
            try folder.write("{", to: "share/manifest.json")
            try folder.build(Editions.second)
            var warnings: [String] = []
            #expect(try folder.publish(warn: { warnings.append($0) }).waiting == 0)
            #expect(
                warnings == [
                    "manifest.json at \(folder.share) is damaged, so files that only an earlier edition had "
                        + "may stay there. \"geoatlas check\" names them."
                ])
            try folder.expectShare(holds: Editions.second, others: ["rocks/2.html", "style-1.css"])
        }

        @Test("A changed or incomplete atlas is not published")
        func changed() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.write("page X", to: "public/rocks/1.html")
            try FileManager.default.removeItem(atPath: folder.atlas + "/style-1.css")
            let error = PublishingError.changedSinceBuild(
                folder: folder.atlas, count: 2,
                first: "rocks/1.html: The content has changed since the file was built.")
            #expect(throws: error) { try folder.publish() }
            #expect(!FileManager.default.fileExists(atPath: folder.share))
        }

        @Test("An atlas is not published through links inside it")
        func linkedAtlas() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            let files = FileManager.default
            try files.moveItem(atPath: folder.atlas + "/rocks", toPath: folder.path + "/moved")
            try files.createSymbolicLink(
                atPath: folder.atlas + "/rocks", withDestinationPath: folder.path + "/moved")
            for share in [folder.share, try folder.remoteShare()] {
                #expect(
                    throws: PublishingError.changedSinceBuild(
                        folder: folder.atlas, count: 1, first: "rocks: It is a link, not a folder.")
                ) { try folder.publish(to: share) }
            }
            try folder.build(Editions.first)
            let manifest = folder.atlas + "/manifest.json"
            try files.moveItem(atPath: manifest, toPath: folder.path + "/moved.json")
            try files.createSymbolicLink(
                atPath: manifest, withDestinationPath: folder.path + "/moved.json")
            #expect(
                throws: PublishingError.damagedManifest(
                    path: manifest, reason: "it is a folder or a link, not a file")
            ) { try folder.publish() }
            #expect(!files.fileExists(atPath: folder.share))
        }
    }
}
