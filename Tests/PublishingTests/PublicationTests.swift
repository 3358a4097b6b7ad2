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
            let result = try folder.publish()
            // Sent: two pages, a picture, a style, the manifest. Kept: picture a. Removed: page 2,
            // style 1.
            #expect(result.sent == 5)
            #expect(result.kept == 1)
            #expect(result.removed == 2)
            try expect(folder, holds: Self.second, others: ["votes/1.jsonl", "rocks/notes.txt"])
            #expect(folder.read("share/votes/1.jsonl") == "{}\n")
            #expect(folder.read("share/rocks/notes.txt") == "mine")
        }

        @Test("Pages come after what they name, the front page after them, the manifest last")
        func order() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let path = try folder.rsync(
                """
                for a in "$@"; do case "$a" in --files-from=*)
                  tr '\\0' ' ' < "${a#--files-from=}" >> "$here/order"; echo >> "$here/order";;
                --filter=merge*)
                  tr '\\n' ' ' < "${a#--filter=merge }" >> "$here/order"; echo >> "$here/order";;
                esac; done
                """)
            try folder.publish(searchPath: path)
            #expect(
                folder.read("bin/order") == """
                    manifest.json .geoatlas-publish.json 
                    .geoatlas-publish.json 
                    pictures/a.jpg pictures/b.jpg style-1.css 
                    rocks/1.html rocks/2.html 
                    index.html 
                    manifest.json 
                    R /.geoatlas-publish.json P * 

                    """)
        }

        /// Calls of rsync for a local folder: 1 fetch, 2 announce, 3 pictures and the like, 4 pages,
        /// 5 front page, 6 manifest, 7 removal.
        @Test("New pages are sent before the pages that link to them")
        func newPagesFirst() throws {
            let folder = try TestFolder()
            try folder.build(["a.html": "1", "index.html": "1"])
            try folder.publish()
            try folder.build(["a.html": "links to b", "b.html": "new", "index.html": "2"])
            let path = try folder.rsync(
                """
                for a in "$@"; do case "$a" in --files-from=*)
                  tr '\\0' ' ' < "${a#--files-from=}" >> "$here/order"; echo >> "$here/order";;
                esac; done
                """)
            try folder.publish(searchPath: path)
            let lists = try #require(folder.read("bin/order")).split(separator: "\n")
            #expect(lists.dropFirst(2) == ["b.html ", "a.html ", "index.html ", "manifest.json "])
        }

        @Test(
            "Stopped at any step, the share still works, and the next publish finishes",
            arguments: 1...7)
        func stopped(call: Int) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try folder.build(Self.second)
            let path = try folder.rsync(
                "[ $call = \(call) ] && { echo 'rsync: it broke' >&2; exit 12; }")
            let error = PublishingError.rsyncFailed(
                destination: folder.share, status: 12, text: "rsync: it broke")
            #expect(throws: error) { try folder.publish(searchPath: path) }
            // At every step, each page at the share finds the files that it names: both styles are
            // there until no page needs the first.
            let pages = (1...4).contains(call) ? Self.first : Self.second
            #expect(folder.read("share/rocks/1.html") == pages["rocks/1.html"])
            #expect(folder.read("share/style-1.css") == "s")
            if call > 3 { #expect(folder.read("share/style-2.css") == "s") }
            try folder.publish()
            try expect(folder, holds: Self.second)
        }

        @Test("What a stopped publish brought goes even if the next edition is another")
        func abandoned() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.publish()
            try folder.build(Self.second)
            let path = try folder.rsync("[ $call = 4 ] && exit 30")
            #expect(throws: PublishingError.self) { try folder.publish(searchPath: path) }
            #expect(folder.read("share/style-2.css") == "s")
            try folder.build(Self.first)
            #expect(try folder.publish().removed == 1)
            try expect(folder, holds: Self.first)
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
                error.description.hasPrefix(
                    "rsync could not publish to \(folder.share) (status 23): "))
            #expect(folder.read("share/index.html") == "front")
            #expect(folder.read("share/style-2.css") == "s")
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
            #expect(try folder.publish(warn: { warnings.append($0) }).removed == 0)
            #expect(
                warnings == [
                    "manifest.json at \(folder.share) is damaged, so files that only an earlier edition had "
                        + "stay there. \"geoatlas check\" names them."
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
            #expect(try folder.publish().removed == 3)
            #expect(try folder.files("elsewhere") == ["1.html", "2.html"])
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
            "What is no destination is refused", arguments: ["", ":path", "-oProxyCommand=x:path"])
        func refused(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            #expect(throws: PublishingError.refusedDestination(destination)) {
                try folder.publish(to: destination)
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

        @Test("In a folder of a group, what is published belongs to the group too")
        func group() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try FileManager.default.createDirectory(
                atPath: folder.share, withIntermediateDirectories: true)
            chmod(folder.share, 0o2775)
            try folder.publish()
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

        @Test("Without rsync it is said how to get it")
        func noRsync() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            #expect(throws: PublishingError.rsyncMissing) {
                try folder.publish(searchPath: folder.path)
            }
        }

        @Test("A host that cannot be reached is named with rsync's words")
        func remote() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            let path = try folder.rsync(
                "for a; do last=$a; done; echo \"ssh: no route, asked for $last\" >&2; exit 255")
            let error = PublishingError.rsyncFailed(
                destination: "host:", status: 255, text: "ssh: no route, asked for host:./")
            #expect(throws: error) { try folder.publish(to: "host:", searchPath: path) }
            #expect(
                error.description.hasSuffix("that the host can be reached, then publish again."))
        }

        @Test("A server of the rsync protocol is published to as a folder is")
        func remoteShell() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            // The rsync option to run the remote side on this machine: a remote shell that ignores
            // the host.
            try folder.write("#!/bin/sh\nshift\nexec \"$@\"\n", to: "shell")
            chmod(folder.path + "/shell", 0o755)
            let path = try folder.rsync("export RSYNC_RSH=\"'$here/../shell'\"")
            let place = folder.path + "/far away/share"
            try folder.publish(to: "host:" + place, searchPath: path)
            #expect(try folder.check(place) == [])
            try folder.build(Self.second)
            try folder.write("", to: "far away/share/votes/1.jsonl")
            let result = try folder.publish(to: "host:" + place, searchPath: path)
            #expect(result.sent == 5)
            #expect(result.removed == 2)
            #expect(try folder.check(place) == [])
            #expect(folder.read("far away/share/votes/1.jsonl") == "")
        }

        @Test("Files of another site on another machine are not overwritten")
        func remoteTaken() throws {
            let folder = try TestFolder()
            try folder.build(Self.first)
            try folder.write("#!/bin/sh\nshift\nexec \"$@\"\n", to: "shell")
            chmod(folder.path + "/shell", 0o755)
            let path = try folder.rsync("export RSYNC_RSH=\"'$here/../shell'\"")
            let place = "host:" + folder.path + "/far/share"
            try folder.write("mine", to: "far/share/rocks/2.html")
            try folder.write("{\"name\": \"site\"}", to: "far/share/staff/manifest.json")
            func expect(taken first: String) throws {
                let before = try folder.files("far")
                #expect(
                    throws: PublishingError.destinationTaken(destination: place, path: first)
                ) { try folder.publish(to: place, searchPath: path) }
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
