import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// Tests with the real rsync between temporary folders.
    @Suite struct PublicationTests {
        private static let first = [
            "index.html": "front", "rocks/1.html": "page 1", "rocks/2.html": "page 2",
            "pictures/a.jpg": "aaaa", "pictures/b.jpg": "bbbb", "style-1.css": "s",
        ]
        /// The same sizes as in the first edition, so that sizes alone do not reveal the
        /// difference.
        private static let second = [
            "index.html": "FRONT", "rocks/1.html": "PAGE 1", "pictures/a.jpg": "aaaa",
            "pictures/b.jpg": "BBBB", "style-2.css": "s",
        ]

        /// Expects that the share contains the files of `edition`, their manifest, and `others`.
        private func expect(
            _ folder: TestFolder, holds edition: [String: String], others: [String] = []
        ) throws {
            #expect(
                try folder.files("share") == (edition.keys + ["manifest.json"] + others).sorted())
            for (path, text) in edition { #expect(folder.read("share/" + path) == text) }
            #expect(folder.read("share/manifest.json") == folder.read("public/manifest.json"))
        }

        @Test("A first publish makes the folder, and what lies in it can be read by a web server")
        func first() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
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

        @Test("A leading dash is a name, not an option")
        func leadingDash() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish(to: "--delete")
            #expect(try folder.check(folder.path + "/--delete") == [])
        }

        @Test("Publishing the same edition again sends nothing")
        func again() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            let summary = try folder.publish()
            #expect(summary.kept == 7)
            #expect(summary.sent + summary.removed + summary.bytes == 0)
            try expect(folder, holds: Self.first)
        }

        @Test("A new edition replaces the old one, and leaves votes and files of others alone")
        func newEdition() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try folder.write("{}\n", to: "share/votes/1.jsonl")
            try folder.write("mine", to: "share/rocks/notes.txt")
            // Same size and same time as the old files: only the content differs.
            try folder.build(Self.second)
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
            try expect(
                folder, holds: Self.second, others: mine + old + [".geoatlas-publish.json"])
            // Files that are out of the atlas are no fault of it.
            #expect(
                try folder.check(folder.share) == [
                    "rocks/notes.txt: The manifest does not list the file: no page needs it. Remove it."
                ])
            let next = try folder.publish()
            #expect(next == .init(sent: 0, kept: 6, removed: 2, bytes: 0, waiting: 0))
            try expect(folder, holds: Self.second, others: mine)
            #expect(folder.read("share/votes/1.jsonl") == "{}\n")
            #expect(folder.read("share/rocks/notes.txt") == "mine")
        }

        @Test("With --remove-now, files out of the atlas go at once, and folders that become empty")
        func removeNow() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
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
            try folder.build(Self.first)
            try folder.publish()
            try folder.build(Self.second)
            try folder.publish()
            try folder.build(Self.first)
            // Sent: three files of the same names with other contents, and the manifest.
            #expect(try folder.publish().sent == 4)
            try folder.publish()
            try expect(folder, holds: Self.first)
        }

        @Test("A dry run changes nothing, and says what a publication does")
        func dryRun() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let all = Self.first.keys.sorted()
            let size = try #require(folder.read("public/manifest.json")).utf8.count
            var plan = try folder.publish([.dryRun])
            #expect(
                plan
                    == .init(
                        sent: 7, kept: 0, removed: 0, bytes: 26 + size, waiting: 0,
                        changes: .init(new: (all + ["manifest.json"]).sorted())))
            #expect(!FileManager.default.fileExists(atPath: folder.share))

            try folder.publish()
            try folder.build(Self.second)
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

        /// Calls of rsync: 1 pictures and the like, 2 changed pages, 3 front page, 4 manifest.
        @Test(
            "Stopped at any step, the destination still works, and the next publication finishes",
            arguments: 1...4)
        func stopped(call: Int) throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(Self.first)
            try folder.publish(to: share)
            try folder.build(Self.second)
            let path = try folder.rsync(
                "[ $call = \(call) ] && { echo 'rsync: it broke.' >&2; exit 12; }")
            let error = PublishingError.rsyncFailed(
                destination: share, status: 12, text: "rsync: it broke")
            #expect(throws: error) { try folder.publish(to: share, searchPath: path) }
            #expect(!error.description.contains(".."))
            // At every step, each page at the share finds the files that it names: both styles are
            // there until no page needs the first.
            let pages = call <= 2 ? Self.first : Self.second
            #expect(folder.read("share/rocks/1.html") == pages["rocks/1.html"])
            #expect(folder.read("share/style-1.css") == "s")
            if call > 1 { #expect(folder.read("share/style-2.css") == "s") }
            #expect(folder.read("share/.geoatlas-publish.lock") == nil)
            try folder.publish(to: share)
            try expect(
                folder, holds: Self.second,
                others: ["rocks/2.html", "style-1.css", ".geoatlas-publish.json"])
            try folder.publish()
            try expect(folder, holds: Self.second)
        }

        @Test("What a stopped publication brought goes even if the next edition is another")
        func abandoned() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            try folder.build(Self.first)
            try folder.publish(to: share)
            try folder.build(Self.second)
            let path = try folder.rsync("[ $call = 2 ] && exit 30")
            #expect(throws: PublishingError.self) {
                try folder.publish(to: share, searchPath: path)
            }
            #expect(folder.read("share/style-2.css") == "s")
            try folder.build(Self.first)
            let result = try folder.publish()
            #expect(result.waiting == 1)
            // Picture b may have had either content.
            #expect(folder.read("share/pictures/b.jpg") == "bbbb")
            #expect(try folder.publish().removed == 1)
            try expect(folder, holds: Self.first)
        }

        @Test("A folder that a stopped publication left empty goes with the next one")
        func emptyFolder() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
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
            try folder.build(Self.first)
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
            try folder.build(Self.first)
            try folder.publish()
            // A folder that is not empty has the path of a page.
            try FileManager.default.removeItem(atPath: folder.share + "/rocks/1.html")
            try folder.write("", to: "share/rocks/1.html/mine")
            try folder.build(Self.second)
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
            try folder.build(Self.first)
            try folder.publish()
            try folder.write("{", to: "share/manifest.json")
            try folder.build(Self.second)
            var warnings: [String] = []
            #expect(try folder.publish(warn: { warnings.append($0) }).waiting == 0)
            #expect(
                warnings == [
                    "manifest.json at \(folder.share) is damaged, so files that only an earlier edition had "
                        + "may stay there. \"geoatlas check\" names them."
                ])
            try expect(folder, holds: Self.second, others: ["rocks/2.html", "style-1.css"])
        }

        @Test("What lies behind a link at the destination is not removed")
        func behindLink() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try FileManager.default.moveItem(
                atPath: folder.share + "/rocks", toPath: folder.path + "/elsewhere")
            try FileManager.default.createSymbolicLink(
                atPath: folder.share + "/rocks", withDestinationPath: folder.path + "/elsewhere")
            try folder.build(["index.html": "front"])
            #expect(try folder.publish([.removeNow]).removed == 3)
            #expect(try folder.files("elsewhere") == ["1.html", "2.html"])
        }

        @Test("A link where the atlas needs a folder is named, and nothing is written through it")
        func linkInTheWay() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try FileManager.default.removeItem(atPath: folder.share + "/rocks")
            try folder.write("", to: "elsewhere/mine")
            try FileManager.default.createSymbolicLink(
                atPath: folder.share + "/rocks", withDestinationPath: folder.path + "/elsewhere")
            for share in [folder.share, try folder.remoteShare()] {
                #expect(
                    throws: PublishingError.foreignFile(destination: share, path: "rocks")
                ) { try folder.publish(to: share) }
            }
            #expect(try folder.files("elsewhere") == ["mine"])
        }

        @Test("A file of somebody else is not overwritten by a new file of the atlas")
        func foreignFile() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try folder.write("mine", to: "share/style-2.css")
            try folder.build(Self.second)
            for share in [folder.share, try folder.remoteShare()] {
                #expect(
                    throws: PublishingError.foreignFile(destination: share, path: "style-2.css")
                ) { try folder.publish(to: share) }
            }
            #expect(folder.read("share/style-2.css") == "mine")
            #expect(folder.read("share/index.html") == "front")
        }

        @Test("A changed or incomplete atlas is not published")
        func changed() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.write("page X", to: "public/rocks/1.html")
            try FileManager.default.removeItem(atPath: folder.atlas + "/style-1.css")
            let error = PublishingError.changedSinceBuild(
                folder: folder.atlas, count: 2,
                first: "rocks/1.html: The content has changed since the file was built.")
            #expect(throws: error) { try folder.publish() }
            #expect(!FileManager.default.fileExists(atPath: folder.share))
        }

        @Test(
            "Neither end may lie in the other",
            arguments: ["public", "public/", "public/inside/new", "public/../public", ".", "/"])
        func nested(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let error = try #require(throws: PublishingError.self) {
                try folder.publish(to: destination)
            }
            guard case .nested(folder.atlas, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(try folder.check(folder.atlas) == [])
        }

        @Test("A link does not hide that one end lies in the other")
        func nestedByLink() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/door", withDestinationPath: folder.atlas)
            let inside = folder.atlas + "/new"
            #expect(throws: PublishingError.nested(folder: folder.atlas, destination: inside)) {
                try folder.publish(to: "door/new")
            }
        }

        @Test("A name that begins like the atlas's is another folder")
        func sibling() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish(to: "public-2")
            #expect(try folder.check(folder.path + "/public-2") == [])
        }

        @Test(
            "What is no destination is refused",
            arguments: ["", ":path", "-oProxyCommand=x:path", "a\nb"])
        func refused(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            #expect(throws: PublishingError.refusedDestination(destination)) {
                try folder.publish(to: destination)
            }
        }

        @Test(
            "A server of the rsync protocol is refused: it has no locks",
            arguments: ["host::module/path", "rsync://host/module"])
        func rsyncServer(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            #expect(throws: PublishingError.rsyncServer(destination)) {
                try folder.publish(to: destination)
            }
        }

        @Test("The address of another machine gives host and path, an IPv6 address in brackets")
        func addresses() throws {
            for (text, host, path, ssh) in [
                ("pc:/srv/a b", "pc", "/srv/a b", "pc"), ("me@pc:", "me@pc", "./", "me@pc"),
                ("pc:~/x", "pc", "./x", "pc"), ("pc:-x", "pc", "./-x", "pc"),
                ("me@[::1]:/srv", "me@[::1]", "/srv", "me@::1"),
            ] {
                let place = try Destination(text, workingFolder: "/")
                #expect(place == .remote(host: host, path: path))
                #expect(place.sshHost == ssh)
            }
        }

        @Test(
            "Addresses of other systems are refused, and no folder of that name is made",
            arguments: [#"\\nas\atlas"#, "~/atlas", #"Z:\atlas"#])
        func foreign(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let error = try #require(throws: PublishingError.self) {
                try folder.publish(to: destination)
            }
            #expect(error == .foreignDestination(destination))
            #expect(error.description.contains("Mount the share"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
        }

        @Test(
            "In a folder of a group, what is published belongs to the group too",
            arguments: [false, true])
        func group(isRemote: Bool) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
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

        @Test("A file where the folder should be is named")
        func fileInTheWay() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.write("", to: "share")
            let error = try #require(throws: PublishingError.self) {
                try folder.publish(to: "share/new")
            }
            #expect(
                error.description == "\(folder.share) cannot be written to (File exists). "
                    + "Give a folder you may write to, with room in it.")
        }

        @Test("Without rsync or ssh it is said how to get them; a folder needs neither")
        func programsMissing() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            #expect(throws: PublishingError.rsyncMissing) {
                try folder.publish(to: "host:share", searchPath: folder.path)
            }
            let path = try folder.rsync("")
            #expect(
                throws: PublishingError.notStarted(
                    program: folder.path + "/bin/shell", reason: "No such file or directory")
            ) { try folder.publish(to: "host:share", searchPath: path) }
            try folder.publish(searchPath: folder.path)
            #expect(try folder.check(folder.share) == [])
        }

        @Test("A host that cannot be reached is named with the words of ssh")
        func unreachable() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.script("shell", "echo \"ssh: no route, asked for $1.\" >&2; exit 255")
            let error = PublishingError.notConnected(
                destination: "host:", text: "ssh: no route, asked for host")
            #expect(throws: error) { try folder.publish(to: "host:") }
            #expect(error.description.contains("failed: ssh: no route, asked for host. Check"))
        }

        @Test("Another machine is published to as a folder is, whatever its folder is called")
        func remote() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let place = folder.path + "/far 'a\"way $x/größe -n/-share"
            let share = try folder.remoteShare().replacing(folder.share, with: place)
            let first = try folder.publish(to: share)
            #expect(first.sent == 7)
            #expect(try folder.check(place) == [])
            #expect(try folder.publish(to: share) == .init(sent: 0, kept: 7))
            try folder.build(Self.second)
            try FileManager.default.createDirectory(
                atPath: place + "/votes", withIntermediateDirectories: true)
            try Data().write(to: URL(filePath: place + "/votes/1.jsonl"))
            let result = try folder.publish(to: share)
            #expect(result.sent == 5)
            #expect(result.waiting == 2)
            #expect(try folder.publish(to: share).removed == 2)
            #expect(try folder.check(place) == [])
            #expect(FileManager.default.fileExists(atPath: place + "/votes/1.jsonl"))
            let hidden = try FileManager.default.contentsOfDirectory(atPath: place)
            #expect(hidden.filter { $0.hasPrefix(".") } == [])
        }

        @Test("Names that shells and xargs treat as more than text are published and removed")
        func names() throws {
            let folder = try TestFolder()
            let share = try folder.remoteShare()
            var names: [String: String] = ["index.html": "front"]
            for name in [
                "p/*.jpg", "p/[ab].jpg", "p/c?", "p/it's", "p/a \"b\"", "p/ x", "p/-- end --",
                "p/$(date)", "p/größe.岩", "p/#", "p/~", "-n",
            ] { names[name] = name }
            try folder.build(names)
            try folder.publish(to: share)
            #expect(try folder.check(folder.share) == [])
            for name in ["a.jpg", "b.jpg", "cd"] { try folder.write("mine", to: "share/p/" + name) }
            try folder.build(["index.html": "front"])
            #expect(try folder.publish(to: share, [.removeNow]).removed == 12)
            #expect(
                try folder.files("share")
                    == ["index.html", "manifest.json", "p/a.jpg", "p/b.jpg", "p/cd"])
        }

        @Test("Files of another site on another machine are not overwritten")
        func remoteTaken() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let place = try folder.remoteShare().replacing("/share", with: "/far/share")
            try folder.write("mine", to: "far/share/rocks/2.html")
            try folder.write("{\"name\": \"site\"}", to: "far/share/staff/manifest.json")
            func expect(taken first: String) throws {
                let before = try folder.files("far")
                #expect(
                    throws: PublishingError.destinationTaken(destination: place, path: first)
                ) { try folder.publish(to: place) }
                #expect(try folder.files("far") == before)
            }
            try expect(taken: "rocks/2.html")
            // The manifest of a web application does not belong to an atlas.
            try folder.write("{\"name\": \"site\"}", to: "far/share/manifest.json")
            try expect(taken: "manifest.json")
            // Neither a link nor a folder may be removed.
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/far/share/index.html", withDestinationPath: "home.html")
            try expect(taken: "index.html")
            try FileManager.default.removeItem(atPath: folder.path + "/far/share/index.html")
            try folder.write("", to: "far/share/index.html/mine")
            try expect(taken: "index.html")
            #expect(folder.read("far/share/rocks/2.html") == "mine")
        }
    }
}
