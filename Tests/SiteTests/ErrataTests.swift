import AtlasModel
import Testing

@testable import Site

@Suite struct ErrataTests {
    private func list(_ errata: [Erratum]) -> ErrataList {
        ErrataList(TinyEdition.edition(errata: errata))
    }

    private func damaged(_ path: String, _ reason: String) -> Erratum {
        Erratum(
            path: path,
            .init(.damagedPicture, "The picture is damaged", detail: reason, advice: "Copy it."))
    }

    private let empty = Erratum(
        path: "b.jpg", .init(.emptyFile, "The file is empty", advice: "Copy it again."))

    private func renamed(_ path: String) -> Erratum {
        Erratum(
            path: path,
            .init(.twoWithOneKey, "Another picture has the same key", detail: "x", advice: "Look."))
    }

    @Test func `Errata of one kind stand together, with what is particular beside the file`() {
        let list = list([
            empty, damaged("a.jpg", "no end"), damaged("c.jpg", "bad code. (2) 1/2"),
        ])
        #expect(
            list.groups == [
                ErrataList.Group(
                    heading: "The picture is damaged", advice: "Copy it.",
                    entries: [
                        .init(path: "a.jpg", detail: "no end"),
                        .init(path: "c.jpg", detail: "bad code. (2) 1/2"),
                    ], count: 2),
                ErrataList.Group(
                    heading: "The file is empty", advice: "Copy it again.",
                    entries: [.init(path: "b.jpg", detail: "")], count: 1),
            ])
        #expect(list.sentence == "3 entries could not be used. Nothing else was left out.")
    }

    @Test func `Formats that are not read have a group each, with their own advice`() {
        func unread(_ path: String, _ format: String) -> Erratum {
            Erratum(
                path: path,
                .init(.unreadFormat, "This is a \(format)", advice: "Convert \(format)."))
        }
        let groups = list([unread("a", "GIF"), unread("b", "BMP"), unread("c", "BMP")]).groups
        #expect(groups.map(\.advice) == ["Convert BMP.", "Convert GIF."])
        #expect(groups.map(\.count) == [2, 1])
    }

    @Test func `A long list ends and says how many more there are`() {
        let group = list((0..<1_234).map { damaged("\($0).jpg", "no end") }).groups[0]
        #expect(group.entries.count == 1_000)
        #expect(group.count == 1_234)
        #expect(group.more == "and 234 more")
        #expect(list([empty]).groups[0].more == "")
    }

    @Test func `Files that are used are counted apart`() {
        #expect(
            list([empty, renamed("a"), renamed("b")]).sentence
                == "1 entry could not be used, 2 files are used with a remark. "
                + "Nothing else was left out.")
        #expect(
            list([renamed("a")]).sentence
                == "1 file is used with a remark. Nothing else was left out.")
    }

    @Test func `A file of which only another of the same path is used counts as not used`() {
        let path = TinyEdition.images[0].path
        let repeated = Erratum(
            path: path, .init(.repeatedPath, "Another file is used", advice: "Rename one."))
        #expect(
            list([repeated]).sentence == "1 entry could not be used. Nothing else was left out.")
    }

    @Test func `Without errata one sentence says so`() {
        #expect(list([]).sentence == "Every file could be used.")
    }

    @Test func `A file that is used with a remark leads to the page of its picture`() throws {
        let edition = TinyEdition.edition(errata: [
            renamed("in/gneiss/P1.jpg"), damaged("in/gneiss/P2.jpg", "no end"), empty,
        ])
        let site = try TinyEdition.site(edition)
        let index = try #require(edition.images.firstIndex { $0.key == "gneiss/P1" })
        let page = site.pages.layout.paths.places[index].page
        let files = try TinyEdition.written(site)
        let html = String(decoding: try #require(files["errata.html"]), as: UTF8.self)
        #expect(html.contains("<a class=\"key\" href=\"\(page)\">in/gneiss/P1.jpg</a>"))
        // P2 is no picture of the edition by this erratum, whatever has its path.
        #expect(html.contains("<span class=\"key\">in/gneiss/P2.jpg</span>"))
        #expect(html.contains("<a href=\"errata.csv\" download>"))
    }
}
