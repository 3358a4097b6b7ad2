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
        // Laying out the pages belongs to the stage that writes them.
        note(seconds: narrator.now() - begin, in: .pages)
        for note in site.notes { narrator.warn(note) }
        let pages = try run(.pages(of: site, to: output, self)) { counted($0.value, "page") }
        note(reused: output.unchanged, in: .pages)
        let unchangedPages = output.unchanged
        try run(.thumbnails(of: site, to: output, self))
        note(reused: output.unchanged - unchangedPages, in: .thumbnails)
        return (pages, try run(.manifest(of: output)))
    }
}

extension Stage<Int> {
    /// Makes all pages, then writes them; the result is their number.
    ///
    /// No page is written before all are made, so a mistake in a template leaves the last atlas as it
    /// was.
    static func pages(of site: Site, to output: OutputFolder, _ context: BuildContext) -> Stage {
        let workers = context.workers
        return Stage(.pages) { progress in
            let pages = try site.pages(workers: workers, progress: progress)
            try pages.write(to: output.sink, workers: workers)
            return pages.count
        }
    }

    /// Writes the manifest and removes what no longer belongs to the atlas; the result is the size of
    /// the atlas in bytes.
    static func manifest(of output: OutputFolder) -> Stage {
        Stage(.manifest) { _ in try output.finish().bytes }
    }
}

extension Stage<Void> {
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
