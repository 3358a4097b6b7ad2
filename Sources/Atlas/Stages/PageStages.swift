import AtlasModel
import Catalog
import Messages
import Raster
import Site

extension BuildContext {
    /// Writes an edition to the output folder, as the stages `pages` and `thumbnails`.
    /// - Parameter running: a stage that still runs. If it fails, the last atlas stays as it is.
    mutating func write(
        _ edition: Edition, of loaded: LoadedCollection, _ sources: SiteSources,
        after running: RunningStage, to output: OutputFolder?, showsTimes: Bool
    ) throws -> WrittenAtlas {
        try assignment.begin(.pages)
        let begin = narrator.now()
        let site = try Site(
            edition: edition, sources: sources,
            pictures: PictureSource(loaded, settings.copies, memory), showsTimes: showsTimes,
            workers: workers)
        for note in site.notes { narrator.warn(note) }
        let catalogue = loaded.catalogue
        let copies =
            zip(catalogue.embedded, catalogue.images).map(settings.copies.data(of:in:))
            + site.data
        if let note = settings.copies.note(of: copies, settings: settings.file) {
            narrator.warn(note)
        }
        let removed = RemovedCount(copies.map(\.removed))
        if case .part(let part) = assignment {
            try packFiles(of: site, part)
            throw AssignmentDone()
        }
        guard let output else { throw AssignmentDone() }
        if case .merge(let merging) = assignment, !merging.parts.isEmpty {
            return try write(site, try merging.files(), to: output, removed: removed)
        }
        // Pages of each kind are made before anything is written, so that a mistake in a template
        // leaves the last atlas unchanged. Pictures are written before the pages that show them.
        let pages = try site.pages(workers: workers)
        note(seconds: narrator.now() - begin, in: .pages)
        try finish(running)
        try run(.thumbnails(of: site, to: output, self))
        let (unchangedPictures, pictures) = (output.unchanged, output.count)
        note(reused: unchangedPictures, of: pictures, in: .thumbnails)
        return try write(
            site, pages, to: output, removed: removed,
            after: (unchanged: unchangedPictures, all: pictures))
    }

    /// Writes pages, after files that are written already.
    private mutating func write(
        _ site: Site, _ pages: RenderedPages, to output: OutputFolder, removed: RemovedCount,
        after written: (unchanged: Int, all: Int) = (0, 0)
    ) throws -> WrittenAtlas {
        try run(.writing(pages, to: output, self)) { _ in counted(pages.count, "page") }
        note(
            reused: output.unchanged - written.unchanged, of: output.count - written.all,
            in: .pages)
        return WrittenAtlas(
            pages: pages.count, rewritten: output.rewrittenPages, removed: removed,
            texts: site.textBasis, output: output)
    }

    /// Makes the files of one share.
    private mutating func packFiles(of site: Site, _ part: PartMaking) throws {
        let workers = workers
        try part.pack { pack in
            try run(
                Stage<Void>(.thumbnails) {
                    try site.writePictures(to: pack.sinkOfShare, workers: workers, progress: $0)
                })
            try run(
                Stage<Void>(.pages) {
                    try site.pages(part.share, workers: workers).write(
                        to: pack.sink, workers: workers, progress: $0)
                })
        }
    }
}

/// What a build wrote to the output folder, before the manifest.
struct WrittenAtlas {
    /// Number of pages of the atlas.
    let pages: Int
    /// Number of pages that are new or have changed.
    let rewritten: Int
    /// What was removed from the copies of pictures.
    let removed: RemovedCount
    /// What text pages show of the edition.
    let texts: TextBasis
    let output: OutputFolder
}

extension Stage<OutputFolder.Finished> {
    /// Writes the manifest and removes files that no longer belong to the atlas.
    static func manifest(of output: OutputFolder) -> Stage {
        Stage(.manifest) { _ in try output.finish() }
    }
}

extension Stage<Void> {
    /// Makes and writes pages, each after the files that it needs: first data, styles and scripts;
    /// then new pages; then pages that the last edition has too, with the front page last.
    static func writing(
        _ pages: RenderedPages, to output: OutputFolder, _ context: BuildContext
    ) -> Stage {
        let workers = context.workers
        return Stage(.pages) { progress in
            try pages.write(
                to: output.sink, workers: workers, progress: progress, isKnown: output.isKnown)
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
    fileprivate init(_ loaded: LoadedCollection, _ copies: PictureCopies, _ memory: DecodingMemory)
    {
        let (collection, catalogue) = (loaded.collection, loaded.catalogue)
        self.init(
            vector: { Array(catalogue.vectors[$0]) },
            file: { try collection.bytes(at: catalogue.images[$0].path) },
            version: { collection.version(at: catalogue.images[$0].path) }, copies: copies,
            memory: memory)
    }
}
