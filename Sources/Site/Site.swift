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
        let compiled = try PageTemplates(folder: folder)
        layout = try Layout(edition, pictures: pictures)
        assets = try Assets(
            folder: folder, made: ["types.css": Array(layout.signs.style.utf8)])
        let frame = Frame(layout, texts: texts, assets: assets)
        review = layout.review
        pages = Pages(
            layout: layout, pictures: pictures, templates: compiled, texts: texts, frame: frame,
            showsTimes: showsTimes, review: review)
        self.pictures = pictures
        notes = try TextCheck(
            pages, assets: assets.files.map(\.path) + texts.attachments.map(\.path)
        ).notes()
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

    /// Makes pages, styles, scripts and data, all of them before the first is written, so that a
    /// mistake in a template leaves an atlas that is there as it was.
    /// - Parameter progress: in pages.
    /// - Throws: `SiteError` for a tag that a page has nothing for.
    public func pages(workers: Workers, progress: ProgressReport? = nil) throws -> RenderedPages {
        let images = layout.edition.images.count
        let data = try workers.map(layout.plates.count) { TileData.file(layout.plates[$0], layout) }
        let plates = zip(layout.plates, data).flatMap { plate, data in
            plate.pages.indices.map { (plate, $0, data.path) }
        }
        let single = try singlePages()
        let count = single.count { $0.path.hasSuffix(".html") }
        let steps = Steps(of: count + plates.count + images, progress)
        for _ in 0..<count { steps.advance() }
        let walls = try workers.map(plates.count) { index in
            let (plate, number, data) = plates[index]
            steps.advance()
            return try pages.rockPage(plate, number: number, data: data)
        }
        let ofImages = try workers.map(images, chunk: 32) { index in
            steps.advance()
            return try pages.imagePage(index)
        }
        return RenderedPages(
            files: assets.files.map { File(path: $0.path, bytes: $0.bytes) }
                + pages.texts.attachments + single + data + walls + ofImages)
    }

    /// Pages there is one of, with their data.
    private func singlePages() throws -> [File] {
        let search = SearchData(layout)
        var files = search.parts + [search.index]
        files += [
            try pages.frontPage(searchData: search.index.path), try pages.modelsPage(),
            try pages.similarityPage(), try pages.disputedPage(), try pages.errataPage(),
        ]
        files += try pages.texts.pages.map(pages.textPage)
        if let review {
            let data = ReviewData(review, layout).script
            files += [data, try pages.reviewPage(review, data: data.path)]
        }
        return files
    }
}

/// Pages of an atlas and what they load, pictures apart, ready to be written.
public struct RenderedPages: Sendable {
    let files: [File]

    /// HTML pages among them.
    public var count: Int { files.count { $0.path.hasSuffix(".html") } }

    /// - Throws: what `sink` throws.
    public func write(to sink: Sink, workers: Workers) throws {
        try workers.forEachRange(of: files.count, chunk: 32) { range in
            for file in files[range] { try sink.write(file.path, file.bytes) }
        }
    }
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
