import Catalog
import Fingerprint
import Parallel
import Site

/// A build before its first stage: what it is made from, where it goes, and what the last build to
/// the same folder left.
struct PreparedBuild {
    let sources: BuildSources
    /// `nil` for a process that does not write the atlas.
    let output: OutputFolder?
    let collection: Collection
    let request: CollectionRequest
    let last: LastBuild
    /// What the last edition held; `nil` for the first one.
    let lastEdition: EditionSnapshot?
    /// Digests of everything that the atlas is made from.
    let key: CacheKey
    var context: BuildContext

    /// Which folders a process writes to.
    enum Access {
        /// Workspace and atlas.
        case all
        /// The workspace.
        case workspace
        case none
    }

    /// Locks the workspace and the output folder, reads the settings and lists the collection.
    /// - Throws: `AtlasError`, `CatalogError`.
    init(_ run: Run, _ options: BuildOptions, writing access: Access = .all) throws {
        sources = try BuildSources(options, likeness: run.likenessModels)
        for note in sources.notes { run.narrator.warn(note) }
        let workspace: Workspace
        switch access {
        case .all, .workspace:
            workspace = try Workspace(options.workspace, isForced: options.isForced)
        case .none: workspace = Workspace(reading: options.workspace)
        }
        let program = try BuildInputs.program()
        if access == .all { try LastCommand(options, seed: run.seed).write() }
        let folder = LastBuild.folder(in: workspace, output: options.output)
        let sources = sources
        let (own, found) = try run.workers.both {
            let last = LastBuild(in: workspace, folder: folder)
            let output =
                access == .all
                ? try OutputFolder(options.output, record: last.files, program: program) : nil
            return (last: last, output: output)
        } _: {
            var request = sources.request(options)
            let collection = try Collection.open(request.paths, leavingOut: request.leavingOut)
            let lastEdition = EditionSnapshot.last(in: folder)
            request.remembered = lastEdition?.pictures.mapValues(\.vector) ?? [:]
            return (request: request, collection: collection, lastEdition: lastEdition)
        }
        (last, output) = own
        (request, collection, lastEdition) = found
        context = BuildContext(
            run,
            settings: sources.settings.typed(
                for: collection, classes: try sources.classes(), run.narrator),
            workspace: workspace, explains: options.explains)
        let inputs = BuildInputs(options, sources, collection, program: program, context)
        key = CacheKey(.pages, revision: 1, inputs.fields)
    }

    /// The result of the last build, if nothing has changed since and nobody has touched its files.
    /// - Parameter begin: when this build began, in the seconds of the narrator's clock.
    func unchangedResult(_ options: BuildOptions, since begin: Double) throws -> BuildResult? {
        guard let output, let earlier = last.outcome(ifStill: key, options),
            try output.isUntouched(workers: context.workers)
        else { return nil }
        return earlier.result.unchanged(
            elapsed: context.narrator.now() - begin, reused: earlier.reusable)
    }

    /// Says what has changed, if asked, and reads texts and templates before the slow work.
    /// - Throws: `SiteError`, `TemplateError`.
    func siteSources(_ options: BuildOptions) throws -> SiteSources {
        let narrator = context.narrator
        if options.explains, let changes = last.changes(in: key), !changes.isEmpty {
            narrator.warn("since the last build has changed: \(changes.joined(separator: ", "))")
        }
        let site = try SiteSources(
            theme: sources.theme, content: sources.content, copies: context.settings.copies)
        for note in site.notes { narrator.warn(note) }
        return site
    }
}
