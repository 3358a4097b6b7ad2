import AtlasModel
import Templates

extension SinglePage {
    static let lists = SinglePage(
        name: "lists", title: "Lists",
        sentence: { contents in
            "What this atlas says of its \(Figures.pictures(contents.edition.images.count)), for "
                + "spreadsheets and programs."
        },
        make: { pages in
            let lists = pages.lists
            return [try pages.listsPage(lists)] + lists.map(\.file)
        })
}

/// A file for other programs, and what it holds.
struct ListFile {
    let file: File
    let meaning: String
    /// Number of lines after the first; `nil` for JSON.
    let lines: Int?

    init(_ file: File, _ meaning: String) {
        self.file = file
        self.meaning = meaning
        lines =
            file.path.hasSuffix(".csv")
            ? file.bytes.count { $0 == UInt8(ascii: "\n") } - 1 : nil
    }
}

extension Pages {
    fileprivate var lists: [ListFile] {
        let pictures = PictureList(layout: layout).files
        return [
            ListFile(AtlasData(layout: layout).file, "Everything, for programs, with look-alikes"),
            ListFile(
                Croissant(layout: layout).file,
                "The pictures as a data set, described in MLCommons’ format Croissant"),
        ] + pictures.prefix(1).map { ListFile($0, "All pictures") }
            + zip(pictures.dropFirst(), layout.plates.filter { !$0.members.isEmpty }).map {
                ListFile($0, layout.signs[$1.type].title)
            }
            + OtherLists.disputed(layout).map { ListFile($0, "Disputed labels") }
            + (layout.scenes.scenes.isEmpty
                ? [] : [ListFile(sceneList(), "Scenes and their pictures")])
            + (layout.duplicates.isEmpty
                ? [] : [ListFile(duplicateList(), "Duplicates, with what was decided")])
            + OtherLists.errata(layout).map {
                ListFile($0, "Files that could not be used as they are")
            }
            + CheckList.files(layout).map { ListFile($0, "Odd pictures with their measures") }
            + MetadataLists.files(layout).map { ListFile($0, "Metadata") }
    }

    /// `lists.html`.
    fileprivate func listsPage(_ lists: [ListFile]) throws -> File {
        try page(
            .lists,
            [
                "count": .text(Figures.pictures(edition.images.count)),
                "lists": .list(
                    lists.map { list in
                        [
                            "path": .text(list.file.path), "meaning": .text(list.meaning),
                            "lines": .text(list.lines.map(Figures.count) ?? "–"),
                            "size": .text(Figures.bytes(list.file.bytes.count)),
                        ]
                    }),
            ])
    }
}
