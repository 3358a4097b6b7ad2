import AtlasModel
import Catalog
import Messages
import Site

extension BuildContext {
    /// Writes an edition to the output folder, as the stages `pages`, `thumbnails` and `manifest`.
    /// - Returns: the number of pages, and the size of the atlas in bytes.
    mutating func write(
        _ edition: Edition, of loaded: LoadedCollection, _ sources: BuildSources,
        to output: OutputFolder, showsTimes: Bool
    ) throws -> (pages: Int, bytes: Int) {
        let begin = narrator.now()
        let site = try Site(
            edition: edition, theme: sources.theme, content: sources.content,
            pictures: PictureSource(loaded), showsTimes: showsTimes)
        // The time for the layout belongs to the stage that writes the pages.
        note(seconds: narrator.now() - begin, in: .pages)
        for note in site.notes { narrator.warn(note) }
        // All pages are made before anything is written, so that a mistake in a template leaves the
        // last atlas unchanged. Pictures are written before the pages that show them.
        let pages = try run(.pages(of: site, self)) { _ in "made" }
        try run(.thumbnails(of: site, to: output, self))
        let unchangedPictures = output.unchanged
        note(reused: unchangedPictures, in: .thumbnails)
        try run(.writing(pages, to: output, self)) { _ in counted(pages.count, "page") + " written"
        }
        note(reused: output.unchanged - unchangedPictures, in: .pages)
        return (pages.count, try run(.manifest(of: output)))
    }
}

extension Stage<RenderedPages> {
    /// Makes all pages.
    static func pages(of site: Site, _ context: BuildContext) -> Stage {
        let workers = context.workers
        return Stage(.pages) { try site.pages(workers: workers, progress: $0) }
    }
}

extension Stage<Int> {
    /// Writes the manifest and removes files that no longer belong to the atlas. The result is the
    /// size of the atlas in bytes.
    static func manifest(of output: OutputFolder) -> Stage {
        Stage(.manifest) { _ in try output.finish().bytes }
    }
}

extension Stage<Void> {
    /// Writes pages, each after the files that it needs: first data, styles and scripts; then new
    /// pages; then pages that the last edition has too, with the front page last.
    static func writing(
        _ pages: RenderedPages, to output: OutputFolder, _ context: BuildContext
    ) -> Stage {
        let workers = context.workers
        return Stage(.pages) { _ in
            try pages.write(to: output.sink, workers: workers, isKnown: output.isKnown)
        }
    }

    /// Writes pictures, thumbnails and sprites.
    static func thumbnails(of site: Site, to output: OutputFolder, _ context: BuildContext) -> Stage
    {
        let workers = context.workers
        return Stage(.thumbnails) { progress in
            try site.writePictures(to: output.sink, workers: workers, progress: progress)
        }
    }
}

extension PictureSource {
    /// The model vectors and files of a collection that was read.
    fileprivate init(_ loaded: LoadedCollection) {
        let (collection, catalogue) = (loaded.collection, loaded.catalogue)
        self.init(
            vector: { Array(catalogue.vectors[$0]) },
            file: { try collection.bytes(at: catalogue.images[$0].path) })
    }
}
