import AtlasModel

/// How an edition is laid out: its plates, their pages and sprites, and where every picture lies.
struct Layout: Sendable {
    let edition: Edition
    let paths: AtlasPaths
    let signs: TypeSigns
    /// In the order of the plates; pictures without a label last, if there are any.
    let plates: [Plate]
    /// The commonest mix-ups of the network.
    let mixups: [Mixup]
    /// For each picture its plate and its place there.
    let places: [(plate: Int, position: Int)]

    /// Pictures on a page of a plate and tiles of its sprite: 18 rows of 14, few enough for one sprite
    /// to arrive at once, and still wide enough for a finger when a telephone shows it whole.
    static let pageSize = 252
    static let wallColumns = 14
    /// Largest side of a picture that is enlarged without smoothing.
    static let smallSide = 64

    /// The pictures of one label.
    struct Plate: Sendable {
        /// Class index; `nil` for the unlabelled.
        let type: Int?
        /// Number in the atlas, from 1.
        let number: Int
        /// Indices of its pictures, in key order.
        let members: [Int]
        /// Pictures of other labels, or none, that are predicted as its type, in key order.
        let taken: [Int]
        /// Whether its pictures stand as thumbnails, not in sprites.
        let isPhotographic: Bool
        /// Where its pages lie.
        let folder: String
        /// For the front page, `nil` without pictures.
        let band: Sprite?
        /// What stands for the type, in the order of `Exemplars.all`; `nil` for photographs.
        let exemplars: Sprite?
        /// At least one, however few the pictures.
        let pages: [PlatePage]
    }

    struct PlatePage: Sendable {
        let path: String
        /// Places in the plate's members.
        let range: Range<Int>
        /// `nil` for photographs and without pictures.
        let sprite: Sprite?
    }

    /// - Throws: `SiteError.uneven` when parts of the edition do not belong together.
    init(_ edition: Edition, pictures: PictureSource) throws {
        try Self.check(edition)
        self.edition = edition
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
        var types: [Int?] = edition.plates
        if !unlabelled.isEmpty { types.append(nil) }
        var places = edition.images.map { _ in (plate: 0, position: 0) }
        plates = types.enumerated().map { number, type in
            let own = type.map { members[$0] } ?? unlabelled
            for (position, index) in own.enumerated() { places[index] = (number, position) }
            let folder = paths.folder(of: type.map { edition.rockTypes[$0].label } ?? "unlabelled")
            return Plate(
                type: type, number: number + 1, members: own, folder: folder, edition,
                pictures: pictures)
        }
        self.places = places
        mixups = Mixup.commonest(edition, pictures: pictures)
    }

    private static func check(_ edition: Edition) throws {
        let pictures = edition.images.count
        var counts = [
            ("predictions", edition.predictions.count),
            ("clusters", edition.clustering.assignments.count),
        ]
        counts += edition.neighbours.map {
            ("lists of \($0.model.title) targets", $0.matches.count)
        }
        for (what, count) in counts where count != pictures {
            throw SiteError.uneven(what: what, count: count, pictures: pictures)
        }
    }

    /// Every sprite of the atlas.
    var sprites: [Sprite] {
        let plates = plates.flatMap { [$0.band, $0.exemplars] + $0.pages.map(\.sprite) }
        return (plates + mixups.map(\.strip)).compactMap { $0 }
    }
}

extension Layout.Plate {
    fileprivate init(
        type: Int?, number: Int, members: [Int], folder: String, _ edition: Edition,
        pictures: PictureSource
    ) {
        let images = edition.images
        // A sprite shows the square that the models see, which is the picture only if it is square.
        let isPhotographic = members.contains {
            !images[$0].isSmall || images[$0].width != images[$0].height
        }
        let size = Layout.pageSize
        let pages = (0..<max(1, (members.count + size - 1) / size)).map { page in
            let range = page * size..<min(members.count, (page + 1) * size)
            let sprite =
                isPhotographic || range.isEmpty
                ? nil
                : Sprite(
                    "\(folder)-\(page + 1)", tiles: Array(members[range]),
                    columns: Layout.wallColumns, pictures: pictures)
            let name = page == 0 ? "index" : String(page + 1)
            return Layout.PlatePage(path: "\(folder)/\(name).html", range: range, sprite: sprite)
        }
        let exemplars = type.flatMap { edition.exemplars(of: $0)?.all } ?? []
        self.init(
            type: type, number: number, members: members,
            taken: images.indices.filter {
                type != nil && images[$0].label != type && edition.predictions[$0].predicted == type
            }, isPhotographic: isPhotographic, folder: folder,
            band: Sprite.band("\(folder)-band", of: members, pictures: pictures),
            exemplars: isPhotographic || exemplars.isEmpty
                ? nil
                : Sprite(
                    "\(folder)-exemplars", tiles: exemplars, columns: exemplars.count,
                    pictures: pictures), pages: pages)
    }
}

extension Edition {
    /// What stands for a rock type; `nil` when nothing was chosen.
    func exemplars(of type: Int) -> Exemplars? {
        exemplars.indices.contains(type) ? exemplars[type] : nil
    }
}

extension ImageRecord {
    /// Whether it is shown enlarged, pixel by pixel.
    var isSmall: Bool { max(width, height) <= Layout.smallSide }

    /// Size of its thumbnail, `nil` when it serves as its own.
    var thumbnailSize: (width: Int, height: Int)? {
        Thumbnail.size(width: width, height: height)
    }
}

extension Layout {
    func title(of index: Int) -> String {
        let image = edition.images[index]
        return signs[image.label].title + " " + image.stem
    }

    /// The copy of the stored file.
    func original(of index: Int) -> String {
        paths.places[index].picture(edition.images[index].format.fileExtension)
    }

    /// The picture as walls and panels show it: its thumbnail, or itself.
    func preview(of index: Int) -> String {
        edition.images[index].thumbnailSize == nil
            ? original(of: index) : paths.places[index].thumbnail
    }

    /// The page of a plate that shows a picture.
    func platePage(of index: Int) -> String {
        let place = places[index]
        return plates[place.plate].pages[place.position / Self.pageSize].path
    }

    /// The way from one page of a picture to another's.
    func link(from index: Int, to target: Int) -> String {
        paths.places[index].link(to: paths.places[target], "html")
    }

    /// The way from the page of a picture to the stored file of another, or its own.
    func originalLink(from index: Int, to target: Int) -> String {
        paths.places[index].link(
            to: paths.places[target], edition.images[target].format.fileExtension)
    }

    /// The way from the page of a picture to what panels show of another.
    func previewLink(from index: Int, to target: Int) -> String {
        edition.images[target].thumbnailSize == nil
            ? originalLink(from: index, to: target) : "../../" + paths.places[target].thumbnail
    }

    /// The way from the page of a picture to the page of a plate that shows it.
    func plateLink(from index: Int) -> String {
        let page = platePage(of: index)
        let folder = paths.places[index].folder + "/"
        return page.hasPrefix(folder) ? "../" + page.dropFirst(folder.count) : "../../" + page
    }
}
