public import AtlasModel
public import Parallel
import Synchronization

/// The files of an atlas, made from an edition, templates and texts.
///
/// What is written depends on these alone, not on the number of workers.
public struct Site: Sendable {
    /// What is wrong with the texts and stops nothing, one sentence each: a link that leads nowhere,
    /// a picture from a network, a file that becomes no page.
    public let notes: [String]
    private let layout: Layout
    private let pages: Pages
    private let assets: Assets
    private let pictures: PictureSource
    private let review: ReviewPlan?

    /// Reads and compiles everything, so that mistakes show before anything is written.
    /// - Parameters:
    ///   - templates: folder with a template for each kind of page, styles and scripts.
    ///   - content: folder with Markdown.
    ///   - showsTimes: whether the models page tells how long training took.
    /// - Throws: `SiteError`.
    public init(
        edition: Edition, templates: String, content: String, pictures: PictureSource,
        showsTimes: Bool
    ) throws {
        let folder = try Folder(templates, holds: "templates")
        let texts = try Texts(folder: try Folder(content, holds: "texts"))
        let compiled = try TemplateSet(folder: folder)
        layout = try Layout(edition, pictures: pictures)
        assets = try Assets(
            folder: folder, made: ["types.css": Array(layout.signs.style.utf8)])
        let frame = Frame(layout, texts: texts, assets: assets)
        review = layout.review
        pages = Pages(
            layout: layout, pictures: pictures, templates: compiled, texts: texts, frame: frame,
            showsTimes: showsTimes, review: review)
        self.pictures = pictures
        notes = try TextCheck(pages, assets: assets.files.map(\.path)).notes()
    }

    /// Writes originals, thumbnails, sprites and the copies for the review.
    /// - Parameter progress: in files of pictures.
    /// - Throws: what `sink` or the source of pictures throws; `RasterError` for a picture that could
    ///   be decoded when the edition was made and cannot now.
    public func writePictures(to sink: Sink, workers: Workers, progress: ProgressReport? = nil)
        throws
    {
        let sprites = layout.sprites
        let copies = review.map { ReviewData($0, layout).copies } ?? []
        let images = layout.edition.images.count
        let means = layout.clusterPictures
        let steps = Steps(of: images + sprites.count + copies.count + means.count, progress)
        for mean in means {
            try sink.write(mean.path, try mean.png())
            steps.advance()
        }
        try workers.forEachRange(of: sprites.count, chunk: 1) { range in
            for index in range {
                try sink.write(sprites[index].path, try sprites[index].jpeg(pictures))
                steps.advance()
            }
        }
        try workers.forEachRange(of: images, chunk: 16) { range in
            for index in range {
                try writePicture(index, to: sink)
                steps.advance()
            }
        }
        try workers.forEachRange(of: copies.count, chunk: 4) { range in
            for index in range {
                // Encoded anew, so that neither the bytes nor what a camera wrote tell the file.
                let copy = try Thumbnail.jpeg(
                    of: try pictures.file(copies[index].index), quality: 95)
                try sink.write(copies[index].path, copy)
                steps.advance()
            }
        }
    }

    private func writePicture(_ index: Int, to sink: Sink) throws {
        let file = try pictures.file(index)
        try sink.write(layout.original(of: index), file)
        if layout.edition.images[index].thumbnailSize != nil {
            try sink.write(layout.preview(of: index), try Thumbnail.jpeg(of: file))
        }
    }

    /// Writes pages, styles, scripts and data.
    /// - Parameter progress: in pages.
    /// - Returns: the number of HTML pages.
    /// - Throws: what `sink` throws; `SiteError` for a tag that a page has nothing for.
    public func writePages(to sink: Sink, workers: Workers, progress: ProgressReport? = nil) throws
        -> Int
    {
        for asset in assets.files { try sink.write(asset.path, asset.bytes) }
        let images = layout.edition.images.count
        let data = try workers.map(layout.plates.count) { TileData.file(layout.plates[$0], layout) }
        for file in data { try sink.write(file) }
        let plates = zip(layout.plates, data).flatMap { plate, data in
            plate.pages.indices.map { (plate, $0, data.path) }
        }
        let single = try writeSinglePages(to: sink)
        let total = single + plates.count + images
        let steps = Steps(of: total, progress)
        for _ in 0..<single { steps.advance() }
        try workers.forEachRange(of: plates.count, chunk: 1) { range in
            for (plate, number, data) in plates[range] {
                try sink.write(try pages.rockPage(plate, number: number, data: data))
                steps.advance()
            }
        }
        try workers.forEachRange(of: images, chunk: 32) { range in
            for index in range {
                try sink.write(try pages.imagePage(index))
                steps.advance()
            }
        }
        return total
    }

    /// Pages there is one of, with their data; returns how many.
    private func writeSinglePages(to sink: Sink) throws -> Int {
        let search = SearchData(layout)
        for part in search.parts + [search.index] { try sink.write(part) }
        var files = [
            try pages.frontPage(searchData: search.index.path), try pages.modelsPage(),
            try pages.similarityPage(), try pages.disputedPage(), try pages.errataPage(),
        ]
        files += try pages.texts.pages.map(pages.textPage)
        if let review {
            let data = ReviewData(review, layout).script
            try sink.write(data)
            files.append(try pages.reviewPage(review, data: data.path))
        }
        for file in files { try sink.write(file) }
        return files.count
    }
}

extension Sink {
    fileprivate func write(_ file: File) throws { try write(file.path, file.bytes) }
}

/// Counts what several workers have done.
private final class Steps: Sendable {
    private let done = Atomic<Int>(0)
    private let total: Int
    private let progress: ProgressReport?

    init(of total: Int, _ progress: ProgressReport?) {
        self.total = total
        self.progress = progress
    }

    func advance() {
        let count = done.add(1, ordering: .relaxed).newValue
        // A bar needs no more than every hundredth.
        if count % 100 == 0 || count == total { progress?(count, total) }
    }
}
