import AtlasModel
import Foundation
import Parallel
import Raster
import Testing

@testable import Catalog

/// A temporary folder for one test, removed after it.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "catalog-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file, and creates its parent folders.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// A picture of one colour, which is different for each number.
    func picture(_ name: String, _ number: Int) throws {
        let colour = [UInt8(number % 256), UInt8(number / 256), 99]
        let pixels = (0..<64).flatMap { _ in colour }
        try write(name, Picture(width: 8, height: 8, pixels: pixels).png())
    }

    func catalogue(_ corrections: Corrections = Corrections()) throws -> Catalogue {
        try Catalog.Collection.open(folder.path).catalogue(
            rockTypes: RockType.reference, corrections: corrections, shares: [70, 18, 12],
            workers: Workers(2))
    }
}

@Suite struct CatalogueTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test("Images stand in key order by bytes, with their facts")
    func order() throws {
        for (number, name) in ["gneiss/b.png", "gneiss/B.png", "andesite/z.png", "x/é.png"]
            .enumerated()
        {
            try scratch.picture(name, number)
        }
        let catalogue = try scratch.catalogue()
        #expect(
            catalogue.images.map(\.key) == ["andesite/z", "gneiss/B", "gneiss/b", "unlabelled/é"])
        #expect(catalogue.images.map(\.label) == [0, 1, 1, nil])
        #expect(catalogue.images.map(\.width) == [8, 8, 8, 8])
        #expect(catalogue.vectors.count == 4)
        // The first pixel of each picture: its number, and 99 in blue.
        #expect(
            (0..<4).map { Array(catalogue.vectors[$0].prefix(3)) }
                == [2, 1, 0, 3].map { [$0, 0, 99] })
        #expect(catalogue.labelledCount == 3)
    }

    @Test("A correction wins over the folder and leaves the key as it was")
    func corrections() throws {
        try scratch.picture("gneiss/a.png", 1)
        try scratch.picture("gneiss/b.png", 2)
        try scratch.picture("c.png", 3)
        let table =
            "\u{FEFF}key,label,reason\r\ngneiss/a,Schist,\"Foliated, says A. B.\"\r\n"
            + "unlabelled.c,marble,\r\n"
        let catalogue = try scratch.catalogue(Corrections(csv: table, path: "labels.csv"))
        #expect(catalogue.images.map(\.key) == ["gneiss/a", "gneiss/b", "unlabelled/c"])
        #expect(catalogue.images.map(\.label) == [5, 1, 2])
        #expect(catalogue.errata == [])
    }

    @Test("A correction that cannot be followed is an erratum")
    func wrongCorrections() throws {
        try scratch.picture("gneiss/a.png", 1)
        let table = "key,label,reason\ngneiss/a,granite,\ngneiss/zz,schist,\nalone\n,schist,\n"
        let catalogue = try scratch.catalogue(Corrections(csv: table, path: "labels.csv"))
        #expect(catalogue.images.map(\.label) == [1])
        #expect(
            catalogue.errata
                == [
                    KeyFault.noType(label: "granite", key: "gneiss/a", line: 2, nearest: nil),
                    .line(.noPicture("gneiss/zz", line: 3, nearest: "gneiss/a")),
                    .unreadableLine(4, separator: ","), .unreadableLine(5, separator: ","),
                ].map { Erratum(path: "labels.csv", $0.finding) })
    }

    @Test("Of two corrections of one picture the later counts; lines are told as they stand")
    func twice() throws {
        try scratch.picture("gneiss/a.png", 1)
        let table =
            "key,label,reason\n\ngneiss/a,schist,\"two\nlines\"\n\n"
            + "alone\ngneiss.a,marble,\n"
        let catalogue = try scratch.catalogue(Corrections(csv: table, path: "labels.csv"))
        #expect(catalogue.images.map(\.label) == [2])
        #expect(
            catalogue.errata
                == [
                    KeyFault.unreadableLine(6, separator: ","), .twice(key: "gneiss/a", 3, 7),
                ].map { Erratum(path: "labels.csv", $0.finding) })
    }

    @Test("Nothing depends on the number of threads", arguments: [1, 3, 8])
    func threads(count: Int) throws {
        for number in 0..<40 { try scratch.picture("marble/\(number).png", number) }
        try scratch.write("marble/text.jpg", Array("no picture".utf8))
        func catalogue(_ threads: Int) throws -> Catalogue {
            try Catalog.Collection.open(scratch.folder.path).catalogue(
                rockTypes: RockType.reference, shares: [70, 18, 12], workers: Workers(threads))
        }
        let (one, many) = (try catalogue(1), try catalogue(count))
        #expect(one.images == many.images)
        #expect(one.vectors == many.vectors)
        #expect(one.errata == many.errata)
        #expect(one.errata.map(\.path) == ["marble/text.jpg"])
    }

    @Test("All pictures fall into a part whose share is everything")
    func shares() throws {
        for number in 0..<20 { try scratch.picture("marble/\(number).png", number) }
        for (shares, split) in [
            ([1, 0, 0], Split.train), ([0, 5, 0], .dev), ([0, 0, 0.1], .test),
        ] {
            let catalogue = try Catalog.Collection.open(scratch.folder.path).catalogue(
                rockTypes: RockType.reference, shares: shares, workers: Workers(1))
            #expect(catalogue.labelled(in: split).count == 20)
        }
    }

    @Test("What cannot be opened at all says so")
    func refusals() throws {
        let missing = scratch.folder.appending(path: "missing").path
        #expect(throws: CatalogError.missing(path: missing)) {
            try Catalog.Collection.open(missing)
        }
        #expect(throws: CatalogError.noPictures(path: scratch.folder.path, files: 0, first: nil)) {
            try scratch.catalogue()
        }
        try scratch.write("notes.zip", Array("PK, but no archive".utf8))
        let archive = scratch.folder.appending(path: "notes.zip").path
        #expect(
            throws: CatalogError.damagedArchive(
                path: archive, reason: "nothing of a zip archive is in it")
        ) {
            try Catalog.Collection.open(archive)
        }
    }

    @Test("Content is found by path, and another path is not")
    func content() throws {
        for name in ["b/2.png", "a.png", "b/10.png"] { try scratch.write(name, Array(name.utf8)) }
        let collection = try Catalog.Collection.open(scratch.folder.path)
        #expect(collection.entries.map(\.path) == ["a.png", "b/10.png", "b/2.png"])
        for name in ["b/2.png", "a.png", "b/10.png"] {
            #expect(try collection.bytes(at: name) == Array(name.utf8))
        }
        #expect(throws: CatalogError.missing(path: "b/1.png")) {
            try collection.bytes(at: "b/1.png")
        }
        #expect(collection.name == scratch.folder.lastPathComponent)
    }
}
