import AtlasModel
import Foundation
import Parallel
import Statistics

/// The layout of an edition: its plates, their pages and sprites, and the path of every picture. A class,
/// because copies of so many arrays would take longer than most pages need.
final class Layout: Sendable {
    let edition: Edition
    /// The stem of the key of each picture.
    let stems: [String]
    /// The label of each picture, and whether it is shown enlarged: asked for every picture on a page, where
    /// a whole record would be copied.
    let labels: [Int?]
    let isSmall: [Bool]
    let paths: AtlasPaths
    let signs: TypeSigns
    /// In the order of the plates. The plate of pictures without a label, if there is one, is last.
    let plates: [Plate]
    /// The most frequent confusions of the network.
    let mixups: [Mixup]
    /// For each picture, its plate and its position on that plate.
    let places: [(plate: Int, position: Int)]

    /// For each picture that shares its specimen with others, all pictures of the specimen.
    let specimens: [Int: [Int]]
    /// Files of pictures that have more than one label.
    let contradictory: Set<Int>
    /// The labelled test pictures that the network is judged on.
    let judged: [JudgedPicture]
    /// Candidates of a sealed trial.
    let sealed: Set<Int>

    let scenes: SceneLayout
    /// `nil` for an edition without a map.
    let map: MapLayout?
    let duplicates: DuplicateSets
    let groups: GroupLayout
    /// The metadata, and what is odd about each picture: what walls are filtered by.
    let known: Metadata

    /// Number of pictures on a page of a plate and of tiles in its sprite: 18 rows of 14. That is
    /// few enough for one sprite to load at once, and for tiles wide enough to touch when a
    /// telephone shows the whole sprite.
    static let pageSize = 252
    static let wallColumns = 14
    /// Number of photographs in a sprite, and in its rows. A page has six such sprites, and only those in sight
    /// are loaded.
    static let sheetOfPhotographs = 42
    static let photographColumns = 7
    /// Largest side of a picture that is enlarged without smoothing.
    static let smallSide = PictureFormat.smallSide

    /// The pictures of one label.
    struct Plate: Sendable {
        /// Class index; `nil` for the unlabelled.
        let type: Int?
        /// Number of the plate in the atlas, from 1.
        let number: Int
        /// Indices of its pictures, in key order.
        let members: [Int]
        /// Pictures with another label, or without a label, that are predicted as this type, in key
        /// order.
        let onlyPredicted: [Int]
        /// Whether its tiles are the middle squares of photographs, not model vectors.
        let isPhotographic: Bool
        /// The folder of its pages.
        let folder: String
        /// The band on the front page; `nil` without pictures.
        let band: Sprite?
        /// The exemplars of the type, in the order of `Exemplars.all`; of photographs without the medoid, which
        /// is shown larger.
        let exemplars: Sprite?
        /// At least one page, even without pictures.
        let pages: [PlatePage]

        /// Number of tiles in a whole sprite, and in its rows.
        var sheet: Int { isPhotographic ? Layout.sheetOfPhotographs : Layout.pageSize }
        var columns: Int { isPhotographic ? Layout.photographColumns : Layout.wallColumns }
    }

    struct PlatePage: Sendable {
        let path: String
        /// Positions in the plate's `members`.
        let range: Range<Int>
        /// One, or up to six of photographs; none without pictures.
        let sprites: [Sprite]
    }

    /// - Throws: `SiteError.uneven` when the parts of the edition do not fit together.
    init(_ edition: Edition, pictures: PictureSource, workers: Workers = Workers(1)) throws {
        try Self.check(edition)
        self.edition = edition
        stems = edition.images.map(\.stem)
        labels = edition.images.map(\.label)
        isSmall = edition.images.map(\.isSmall)
        signs = TypeSigns(edition.rockTypes)
        var members = edition.rockTypes.map { _ in [Int]() }
        var unlabelled: [Int] = []
        for (index, image) in edition.images.enumerated() {
            if let label = image.label {
                members[label].append(index)
            } else {
                unlabelled.append(index)
            }
        }
        let paths = AtlasPaths(
            keys: edition.images.map(\.key),
            labels: edition.rockTypes.map(\.label) + (unlabelled.isEmpty ? [] : ["unlabelled"]))
        self.paths = paths
        let types: [Int?] = edition.plates + (unlabelled.isEmpty ? [] : [nil])
        let grouped = types.map { type in type.map { members[$0] } ?? unlabelled }
        var places = edition.images.map { _ in (plate: 0, position: 0) }
        for (number, own) in grouped.enumerated() {
            for (position, index) in own.enumerated() { places[index] = (number, position) }
        }
        let maker = PlateMaker(edition: edition, pictures: pictures)
        plates = try workers.map(types.count) { number in
            let type = types[number]
            let folder = paths.folder(of: type.map { edition.rockTypes[$0].label } ?? "unlabelled")
            return maker.plate(
                of: type, number: number + 1, members: grouped[number], folder: folder)
        }
        self.places = places
        specimens = Self.specimens(edition)
        contradictory = Set(edition.contradictions.joined())
        judged = (edition.classifier?.judged ?? []).compactMap { index in
            edition.images[index].label.map {
                JudgedPicture(
                    group: edition.groups.first[index], label: $0,
                    predicted: edition.predictions[index].predicted)
            }
        }
        let asked = Set(edition.isSealed ? edition.review?.comparisons.map(\.candidate) ?? [] : [])
        sealed = Set(edition.images.indices.filter { asked.contains(edition.images[$0].key) })
        scenes = SceneLayout(edition, paths)
        map = try edition.map.map {
            try MapLayout($0, pictures: pictures, workers: workers)
        }
        duplicates = DuplicateSets(edition)
        groups = GroupLayout(edition.groups)
        known = edition.metadata.including(edition.checks)
        mixups = Mixup.commonest(edition, pictures: pictures)
    }

    private static func specimens(_ edition: Edition) -> [Int: [Int]] {
        var members: [String: [Int]] = [:]
        for index in edition.images.indices {
            guard let name = edition.metadata.value(.specimen, of: index) else { continue }
            members[name, default: []].append(index)
        }
        var specimens: [Int: [Int]] = [:]
        for all in members.values where all.count > 1 {
            for index in all { specimens[index] = all }
        }
        return specimens
    }

    private static func check(_ edition: Edition) throws {
        let pictures = edition.images.count
        for values in edition.metadata.values where values.count != pictures {
            throw SiteError.uneven(what: "metadata", count: values.count, pictures: pictures)
        }
        var counts = [("clusters", edition.clustering.assignments.count)]
        if edition.classifier != nil { counts.append(("predictions", edition.predictions.count)) }
        counts += (edition.neighbours + (edition.folded ?? [])).map {
            ("lists of \($0.model.title) targets", $0.matches.count)
        }
        if let map = edition.map { counts.append(("places on the map", map.cells.count)) }
        for (what, count) in counts where count != pictures {
            throw SiteError.uneven(what: what, count: count, pictures: pictures)
        }
    }

    /// Every sprite of the atlas.
    var sprites: [Sprite] {
        let plates = plates.flatMap {
            [$0.band, $0.exemplars].compactMap { $0 } + $0.pages.flatMap(\.sprites)
        }
        return plates + mixups.compactMap(\.strip)
    }
}

extension Edition {
    /// The exemplars of a rock type; `nil` when none were chosen.
    func exemplars(of type: Int) -> Exemplars? {
        exemplars.indices.contains(type) ? exemplars[type] : nil
    }
}

extension ImageRecord {
    /// Whether it is shown enlarged without smoothing.
    var isSmall: Bool { max(width, height) <= Layout.smallSide }

    /// The format of its copy in the atlas.
    var published: PictureFormat { format.published(width: width, height: height) }

    /// Size of its thumbnail; `nil` when it is small enough to need none.
    var thumbnailSize: (width: Int, height: Int)? {
        Thumbnail.size(width: width, height: height)
    }
}

extension Layout {
    var images: [ImageRecord] { edition.images }

    func title(of index: Int) -> String {
        signs[images[index].label].title + " " + stems[index]
    }

    /// Path of the copy of the picture's file.
    func original(of index: Int) -> String {
        paths.places[index].picture(images[index].published.fileExtension)
    }

    /// Path of the image on walls and panels: the thumbnail, or the copy of the picture's file.
    func preview(of index: Int) -> String {
        images[index].thumbnailSize == nil
            ? original(of: index) : paths.places[index].thumbnail
    }

    /// Path of the page of a plate that shows a picture.
    func platePage(of index: Int) -> String {
        let place = places[index]
        return plates[place.plate].pages[place.position / Self.pageSize].path
    }

    /// The link from one image page to another.
    func link(from index: Int, to target: Int) -> String {
        paths.places[index].link(to: paths.places[target], "html")
    }

    /// The link from an image page to the copy of the file of another picture, or its own.
    func originalLink(from index: Int, to target: Int) -> String {
        paths.places[index].link(
            to: paths.places[target], images[target].published.fileExtension)
    }

    /// The link from an image page to the image of another picture in a panel.
    func previewLink(from index: Int, to target: Int) -> String {
        images[target].thumbnailSize == nil
            ? originalLink(from: index, to: target)
            : paths.places[index].wayToRoot + paths.places[target].thumbnail
    }

    /// The link from an image page to the page of the plate that shows the picture, and to its place
    /// there (`filters.js` reads the fragment). No character of it needs quotation marks in HTML.
    func plateLink(from index: Int) -> String {
        let page = platePage(of: index)
        let place = paths.places[index]
        let folder = place.folder + "/"
        let link =
            page.hasPrefix(folder)
            ? place.wayToFolder + page.dropFirst(folder.count) : place.wayToRoot + page
        let stem = stems[index]
        return link + "#at="
            + (stem.addingPercentEncoding(withAllowedCharacters: Self.plain) ?? stem)
    }

    /// Characters that addresses never encode: the unreserved ones of RFC 3986, section 2.3.
    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
