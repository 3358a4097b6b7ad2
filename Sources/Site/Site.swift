package import AtlasModel
import Fingerprint
package import Parallel
import Raster

/// The files of an atlas, made from an edition, templates and texts.
///
/// The files depend only on these, not on the number of workers.
package struct Site: Sendable {
    /// Problems that do not stop the build, one sentence each: a file that the theme lacks, a
    /// broken link in a text, a picture from a network, a file that does not become a page.
    package let notes: [String]
    /// What became of the data in pictures that texts and templates use.
    package let data: [CopiedData]
    /// What text pages show of this edition.
    package let textBasis: TextBasis
    let pages: Pages
    private let assets: Assets

    private var layout: Layout { pages.layout }
    private var pictures: PictureSource { pages.pictures }

    /// - Parameters:
    ///   - sources: texts, templates and styles.
    ///   - pictures: with the same settings of copies as `sources`.
    ///   - showsTimes: whether the models page shows how long training took.
    /// - Throws: `SiteError`.
    package init(
        edition: Edition, sources: SiteSources, pictures: PictureSource,
        showsTimes: Bool, workers: Workers = Workers()
    ) throws {
        let texts = sources.texts
        let contents = AtlasContents(
            try Layout(edition, pictures: pictures, workers: workers), texts)
        assets = try sources.assets(types: contents.layout.signs.style)
        let frame = FrameFacts(contents, assets: assets)
        textBasis = TextBasis(sources, frame, AbsentPages(contents))
        pages = Pages(
            contents: contents, pictures: pictures, templates: sources.templates,
            frame: Frame(frame), showsTimes: showsTimes)
        data = texts.data + assets.data
        let check = TextCheck(
            pages, assets: assets.files.map(\.path) + texts.attachments.map(\.path))
        notes = [sources.files.note].compactMap { $0 } + (try check.notes(pages))
    }

    /// Writes originals, previews, thumbnails, sprites, mosaics and the pictures of the review.
    /// - Parameter progress: in pictures.
    /// - Throws: any error of `sink` or of the picture source; `RasterError` for a picture that
    ///   could be decoded when the edition was made but cannot be decoded now.
    package func writePictures(to sink: Sink, workers: Workers, progress: ProgressReport? = nil)
        throws
    {
        let sprites = layout.sprites.filter { !$0.isOfPhotographs }
        let tilesOfSprites = SpriteTiles(
            try layout.sprites.filter {
                try $0.isOfPhotographs && !sink.keeps($0.path, from: Fingerprint(of: $0.path))
            })
        let review = pages.review.map { ReviewPictures($0, layout) }
        let images = layout.edition.images.count
        let means = layout.clusterPictures
        let scenes = layout.scenes
        let tiles = layout.map?.tiles ?? []
        let shown = layout.map?.pictures ?? []
        let work = PageWork(
            of: images + sprites.count + (review?.count ?? 0) + means.count
                + scenes.mosaics.count + tiles.count, workers: workers, progress: progress)
        // The names of sprites and means have digests of their content.
        try work.forEach(means.count) { index in
            try sink.write(means[index].path, from: Fingerprint(of: means[index].path)) {
                try means[index].png()
            }
        }
        try work.forEach(sprites.count) { index in
            try sink.write(sprites[index].path, from: Fingerprint(of: sprites[index].path)) {
                try sprites[index].jpeg(pictures)
            }
        }
        try work.forEach(tiles.count) { index in
            try sink.write(tiles[index].path, from: Fingerprint(of: tiles[index].path)) {
                try tiles[index].jpeg(pictures, at: shown)
            }
        }
        try work.forEach(scenes.mosaics.count) { index in
            let mosaic = scenes.mosaic(index)
            try sink.write(scenes.mosaics[index], from: mosaic.source(pictures)) {
                try mosaic.png(pictures)
            }
        }
        let order = layout.plates.flatMap(\.members)
        try work.forEachFile(images, chunk: 16) { place in
            let thumbnail = try writePicture(order[place], to: sink)
            try addTiles(of: order[place], thumbnail, to: tilesOfSprites, sink)
        }
        if let review {
            try work.forEach(review.count) { number in
                let file = review.file(number, version: pictures.version) { index, side in
                    try withFile(index) {
                        try ReviewFormat.square($0, side: side, memory: pictures.memory.pixels)
                    }
                }
                try sink.write(file.path, from: file.source, file.make)
            }
        }
    }

    /// Writes the copy of a picture, its preview and its thumbnail.
    /// - Returns: the thumbnail, if it had to be made.
    private func writePicture(_ index: Int, to sink: Sink) throws -> [UInt8]? {
        let copies = pictures.copies
        try sink.write(layout.original(of: index), from: source(copies.name, of: index)) {
            try withFile(index) { try copies.copy(of: $0, memory: pictures.memory.pixels).bytes }
        }
        let image = layout.edition.images[index]
        guard let size = image.thumbnailSize else { return nil }
        var made: [UInt8]?
        guard copies.hasPreview(image) else {
            try sink.write(layout.preview(of: index), from: source("thumbnail", of: index)) {
                let bytes = try thumbnail(of: index)
                made = bytes
                return bytes
            }
            return made
        }
        // Preview and thumbnail are made from one decoding.
        var decoded: Picture?
        func preview() throws -> Picture {
            if let decoded { return decoded }
            let picture = try self.preview(of: index)
            decoded = picture
            return picture
        }
        try sink.write(
            layout.paths.places[index].preview, from: source("preview", of: index)
        ) {
            try Preview.jpeg(of: preview())
        }
        try sink.write(
            layout.preview(of: index), from: source("thumbnail of the preview", of: index)
        ) {
            let bytes = try Thumbnail.jpeg(of: preview(), size: size)
            made = bytes
            return bytes
        }
        return made
    }

    private func preview(of index: Int) throws -> Picture {
        try withFile(index) { try Preview.picture(of: $0, memory: pictures.memory.pixels) }
    }

    private func thumbnail(of index: Int) throws -> [UInt8] {
        let image = layout.edition.images[index]
        if let size = image.thumbnailSize, pictures.copies.hasPreview(image) {
            return try Thumbnail.jpeg(of: preview(of: index), size: size)
        }
        return try withFile(index) { try Thumbnail.jpeg(of: $0, memory: pictures.memory.pixels) }
    }

    /// Puts a picture into the sprites of photographs that show it. A tile is made from the file of the thumbnail
    /// where that is large enough. So sprites that change when pictures come or go cost little, and a tile is the
    /// same whether its thumbnail had to be made or not.
    /// - Parameter made: the thumbnail, if it was made now.
    private func addTiles(
        of index: Int, _ made: [UInt8]?, to tiles: SpriteTiles, _ sink: Sink
    ) throws {
        guard tiles.shows(index) else { return }
        let decoded: Picture
        if Thumbnail.isEnoughForTile(layout.edition.images[index].thumbnailSize) {
            let file =
                try made ?? sink.kept(layout.preview(of: index)) ?? thumbnail(of: index)
            decoded = try Picture(decoding: file)
        } else {
            decoded = try withFile(index) {
                try Picture.decode($0, .tile(memory: pictures.memory.pixels)).picture
            }
        }
        try tiles.add(index, decoded) { sprite, jpeg in
            try sink.write(sprite.path, jpeg, from: Fingerprint(of: sprite.path))
        }
    }

    /// The result of `body`, given the file of a picture, for which it waits until there is memory.
    private func withFile<Result>(_ index: Int, _ body: ([UInt8]) throws -> Result) throws -> Result
    {
        let image = layout.edition.images[index]
        return try pictures.memory.holding(fileOf: image.byteCount) {
            try body(try pictures.file(index))
        }
    }

    /// The source of a file that is made from a picture alone.
    private func source(_ what: String, of index: Int) -> Fingerprint? {
        pictures.version(index).map { Fingerprint(ofParts: [what, $0.hex]) }
    }

    /// Makes pages, styles, scripts and data, except the pages of which there are as many as
    /// pictures. Of these a few of each sort are made, and the others while they are written. So a
    /// mistake in a template leaves an existing atlas unchanged, and memory does not grow with the
    /// number of pictures.
    /// - Parameter share: of the kinds whose pages are made together, and of the pages of each other kind. All
    ///   shares together have each page once.
    /// - Throws: `SiteError` for a tag that a page offers no value for.
    package func pages(_ share: Share = .whole, workers: Workers) throws -> RenderedPages {
        let kinds = PageKind.all.enumerated().filter { number, kind in
            kind.hasMany || number % share.count == share.index
        }.map(\.element)
        // The kinds differ in their work, so each thread takes the next one.
        let parts = try workers.map(kinds.count) { try rendered(kinds[$0], share, workers) }
        let shared = share.index == 0 ? assets.files : []
        return RenderedPages(
            files: shared.map { File(path: $0.path, bytes: $0.bytes) } + parts.flatMap(\.files),
            streams: parts.flatMap(\.streams))
    }

    private func rendered(
        _ kind: PageKind, _ share: Share, _ workers: Workers
    ) throws -> RenderedPages {
        switch kind.making {
        case .together(let make):
            return try make(pages, workers)
        case .each(let make, let samples, let sources):
            for index in samples(pages.contents) { _ = try make(pages, index) }
            let paths = kind.paths(pages.contents)
            let own = share.range(of: paths.count)
            let stream = FileStream(
                paths: Array(paths[own]), sources: try sources(pages, share, workers),
                make: { try make(pages, own.lowerBound + $0) })
            return RenderedPages(streams: [stream])
        }
    }
}
