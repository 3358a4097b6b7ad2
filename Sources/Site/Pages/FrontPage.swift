import AtlasModel
import Statistics
import Templates

extension SinglePage {
    static let index = SinglePage(
        name: "index", title: "Plates", navigation: { _ in "Plates" },
        make: { pages in
            let search = SearchData(pages.layout)
            return search.parts + [
                search.index, try pages.frontPage(searchData: search.index.path),
            ]
        })
}

extension Pages {
    /// `index.html`: the types as strata, the search, and the list of other pages.
    func frontPage(searchData: String) throws -> File {
        let edition = layout.edition
        let types = layout.plates.count { $0.type != nil && !$0.members.isEmpty }
        let values: Value = [
            "heading": .text(Self.heading(types: types, pictures: edition.images.count)),
            "example": .text(edition.images.first.map { example($0) } ?? ""),
            "strata": .list(layout.plates.map(stratum)),
            "contents": .list(PageKind.all.flatMap { $0.rows(contents) }.map(row)),
        ]
        return try page(.index, values, scripts: [searchData])
    }

    /// `Six rock types in 26,398 pictures`.
    /// - Parameter types: number of types that have a picture. With 0, the heading names the
    ///   pictures only.
    static func heading(types: Int, pictures: Int) -> String {
        let pictures = Figures.pictures(pictures)
        if types == 0 { return pictures }
        return Figures.word(types).capitalizedFirst
            + (types == 1 ? " rock type in " : " rock types in ") + pictures
    }

    private func example(_ image: ImageRecord) -> String {
        image.label.map { edition.rockTypes[$0].label + " " + image.stem } ?? image.stem
    }

    private func stratum(_ plate: Layout.Plate) -> Value {
        let agreement = plate.type.flatMap {
            Agreement(edition, type: $0, members: plate.members)?.sentence
        }
        return [
            "sign": layout.signs[plate.type].value,
            "href": .text(plate.pages[0].path),
            "plate": .text(plate.type == nil ? "" : "Plate \(Figures.roman(plate.number))"),
            "count": .text(Figures.pictures(plate.members.count)),
            "agreement": .text(agreement ?? ""),
            "band": .text(plate.band?.path ?? ""),
            "isPhotographic": .flag(plate.isPhotographic),
        ]
    }

    /// A row of the list below the strata.
    private func row(_ row: PageKind.ContentsRow) -> Value {
        [
            "title": .text(row.title), "href": .text(row.path), "text": .text(row.sentence),
            "trial": .text(row.trial),
        ]
    }
}

extension String {
    /// The text with a lower-case first letter, for use inside a sentence.
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
