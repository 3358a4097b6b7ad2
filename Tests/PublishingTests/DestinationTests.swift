import Foundation
import Testing

@testable import Publishing

extension RealRsync {
    /// What may be a destination, and what lies there already.
    @Suite struct DestinationTests {
        @Test("A leading dash is a name, not an option")
        func leadingDash() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.publish(to: "--delete")
            #expect(try folder.check(folder.path + "/--delete") == [])
        }

        @Test("What lies behind a link at the destination is not removed")
        func behindLink() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
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
            try folder.build(Editions.first)
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
            try folder.build(Editions.first)
            try folder.publish()
            try folder.write("mine", to: "share/style-2.css")
            try folder.build(Editions.second)
            for share in [folder.share, try folder.remoteShare()] {
                #expect(
                    throws: PublishingError.foreignFile(destination: share, path: "style-2.css")
                ) { try folder.publish(to: share) }
            }
            #expect(folder.read("share/style-2.css") == "mine")
            #expect(folder.read("share/index.html") == "front")
        }

        @Test(
            "Neither end may lie in the other",
            arguments: ["public", "public/", "public/inside/new", "public/../public", ".", "/"])
        func nested(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
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
            try folder.build(Editions.first)
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
            try folder.build(Editions.first)
            try folder.publish(to: "public-2")
            #expect(try folder.check(folder.path + "/public-2") == [])
        }

        @Test(
            "What is no destination is refused",
            arguments: ["", ":path", "-oProxyCommand=x:path", "a\nb"])
        func refused(destination: String) throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            #expect(throws: PublishingError.refusedDestination(destination)) {
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
            try folder.build(Editions.first)
            let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let error = try #require(throws: PublishingError.self) {
                try folder.publish(to: destination)
            }
            #expect(error == .foreignDestination(destination))
            #expect(error.description.contains("Mount the share"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
        }

        @Test("A file where the folder should be is named")
        func fileInTheWay() throws {
            let folder = try TestFolder()
            try folder.build(Editions.first)
            try folder.write("", to: "share")
            let error = try #require(throws: PublishingError.self) {
                try folder.publish(to: "share/new")
            }
            #expect(
                error.description == "\(folder.share) cannot be written to (File exists). "
                    + "Give a folder you may write to, with room in it.")
        }
    }
}
