import AtlasModel
import Foundation
import Testing

@testable import Catalog

@Suite struct LeftBehindFilesTests {
    @Test("What programs leave in a folder is passed over and counted; pictures stay")
    func folder() throws {
        let scratch = try Scratch()
        let pictures = ["gneiss/a.png", "gneiss/b.png~", "recycle/c.png", "gneiss/d.tmp"]
        for (number, name) in pictures.enumerated() { try scratch.picture(name, number) }
        for (number, name) in ["gneiss/@eaDir/a.png/THUMB.png", "#recycle/gneiss/x.png"]
            .enumerated()
        {
            try scratch.picture(name, 50 + number)
        }
        for name in ["gneiss/Thumbs.db", "Icon\r", "~$table.xlsx", "gneiss/._a.png"] {
            try scratch.write(name, Array("x".utf8))
        }
        let collection = try Catalog.Collection.open(scratch.folder.path)
        #expect(collection.entries.map(\.path) == pictures.sorted())
        #expect(collection.entries.allSatisfy { $0.obstacle == nil })
        #expect(collection.passedOver.count == 6)
        #expect(try scratch.catalogue().images.count == 4)
    }

    @Test("A pointer of Git LFS is told as such")
    func pointer() throws {
        let scratch = try Scratch()
        try scratch.picture("gneiss/a.png", 1)
        let text = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12345\n"
        try scratch.write("gneiss/b.png", Array(text.utf8))
        #expect(try scratch.catalogue().errata.map(\.kind) == [.lfsPointer])
        try scratch.write("rocks.zip", Array(text.utf8))
        let path = scratch.folder.appending(path: "rocks.zip").path
        #expect(throws: CatalogError.pointer(path: path)) { try Catalog.Collection.open(path) }
        #expect(CatalogError.pointer(path: "a").description.contains("\"git lfs pull\""))
    }
}
