package import AtlasModel
package import Parallel

/// The files of an atlas, made from an edition, templates and texts.
///
/// The files depend only on these, not on the number of workers.
package struct Site: Sendable {
    /// Problems that do not stop the build, one sentence each: a file that the theme lacks, a
    /// broken link in a text, a picture from a network, a file that does not become a page.
    package let notes: [String]
    let pages: Pages
    private let assets: Assets

    private var layout: Layout { pages.layout }
    private var pictures: PictureSource { pages.pictures }

    /// Reads and compiles everything, so that mistakes are found before anything is written.
    /// - Parameters:
    ///   - theme: templates, styles and scripts.
    ///   - content: folder with Markdown.
    ///   - showsTimes: whether the models page shows how long training took.
    /// - Throws: `SiteError`.
    package init(
        edition: Edition, theme: Theme, content: String, pictures: PictureSource,
        showsTimes: Bool
    ) throws {
        let files = try ThemeFiles(theme)
        let texts = try Texts(folder: try Folder(content, holds: "texts"))
        let compiled = try PageTemplates(files)
        let contents = AtlasContents(try Layout(edition, pictures: pictures), texts)
        assets = try Assets(
            files, needed: compiled.assets,
            made: ["types.css": Array(contents.layout.signs.style.utf8)])
        pages = Pages(
            contents: contents, pictures: pictures, templates: compiled,
            frame: Frame(contents, assets: assets), showsTimes: showsTimes)
        let check = TextCheck(
            pages, assets: assets.files.map(\.path) + texts.attachments.map(\.path))
        notes = [files.note].compactMap { $0 } + (try check.notes())
    }

    /// Writes originals, thumbnails, sprites and the copies for the review.
    /// - Parameter progress: in pictures.
    /// - Throws: any error of `sink` or of the picture source; `RasterError` for a picture that
    ///   could be decoded when the edition was made but cannot be decoded now.
    package func writePictures(to sink: Sink, workers: Workers, progress: ProgressReport? = nil)
        throws
    {
        let sprites = layout.sprites
        let copies = pages.review.map { ReviewData($0, layout).copies } ?? []
        let images = layout.edition.images.count
        let means = layout.clusterPictures
        let work = PageWork(
            of: images + sprites.count + copies.count + means.count, workers: workers,
            progress: progress)
        try work.forEach(means.count) { try sink.write(means[$0].path, try means[$0].png()) }
        try work.forEach(sprites.count) {
            try sink.write(sprites[$0].path, try sprites[$0].jpeg(pictures))
        }
        try work.forEach(images, chunk: 16) { try writePicture($0, to: sink) }
        try work.forEach(copies.count, chunk: 4) {
            // Encoded again, so that neither the bytes nor metadata of a camera identify the file.
            let copy = try Thumbnail.jpeg(of: try pictures.file(copies[$0].index), quality: 95)
            try sink.write(copies[$0].path, copy)
        }
    }

    private func writePicture(_ index: Int, to sink: Sink) throws {
        let file = try pictures.file(index)
        try sink.write(layout.original(of: index), file)
        if layout.edition.images[index].thumbnailSize != nil {
            try sink.write(layout.preview(of: index), try Thumbnail.jpeg(of: file))
        }
    }

    /// Makes pages, styles, scripts and data. All are made before the first is written, so that a
    /// mistake in a template leaves an existing atlas unchanged.
    /// - Parameter progress: in pages.
    /// - Throws: `SiteError` for a tag that a page offers no value for.
    package func pages(workers: Workers, progress: ProgressReport? = nil) throws -> RenderedPages {
        let count = PageKind.all.map { $0.paths(pages.contents).count }.reduce(0, +)
        let work = PageWork(of: count, workers: workers, progress: progress)
        return RenderedPages(
            files: assets.files.map { File(path: $0.path, bytes: $0.bytes) }
                + (try PageKind.all.flatMap { try $0.make(pages, work) }))
    }
}

/// The pages of an atlas and the files that they load, except pictures, ready to be written.
package struct RenderedPages: Sendable {
    let files: [File]

    /// Number of HTML pages among them.
    package var count: Int { files.count { $0.path.hasSuffix(".html") } }

    /// Writes each file after the files that it names: assets and data, then new pages, then pages
    /// that an earlier edition has too, and the front page last. So a reader can follow all links
    /// while files are being written.
    /// - Parameter isKnown: whether an earlier edition has a file at a path.
    /// - Throws: any error of `sink`.
    package func write(
        to sink: Sink, workers: Workers, isKnown: (_ path: String) -> Bool = { _ in false }
    ) throws {
        var turns: [[File]] = [[], [], [], []]
        for file in files {
            let isPage = file.path.hasSuffix(".html")
            switch (isPage, file.path == SinglePage.index.path, isKnown(file.path)) {
            case (false, _, _): turns[0].append(file)
            case (true, false, false): turns[1].append(file)
            case (true, false, true): turns[2].append(file)
            case (true, true, _): turns[3].append(file)
            }
        }
        for files in turns {
            try workers.forEachRange(of: files.count, chunk: 32) { range in
                for file in files[range] { try sink.write(file.path, file.bytes) }
            }
        }
    }
}
