import AtlasModel
import Catalog
import Fingerprint
import Messages
import Site
import Statistics

extension Run {
    /// Builds the atlas of a collection. Results whose inputs have not changed are reused from the
    /// workspace; if nothing has changed, nothing is done.
    /// - Throws: `AtlasError`, or the error of the module that failed. A picture that cannot be used
    ///   becomes an erratum and stops nothing.
    package func build(_ options: BuildOptions) throws -> BuildResult {
        let begin = narrator.now()
        let sources = try BuildSources(options, likeness: likenessModels)
        for note in sources.notes { narrator.warn(note) }
        let workspace = try Workspace(options.workspace, isForced: options.isForced)
        try LastCommand(options, seed: seed).write()
        let last = LastBuild(in: workspace, output: options.output)
        let program = try BuildInputs.program()
        let output = try OutputFolder(options.output, record: last.files, program: program)
        var request = sources.request(options)
        let lastEdition = EditionSnapshot.last(in: last.folder)
        request.remembered = lastEdition?.pictures.mapValues(\.vector) ?? [:]
        let collection = try Collection.open(request.paths, leavingOut: request.leavingOut)
        var build = BuildContext(
            self,
            settings: sources.settings.typed(
                for: collection, classes: try sources.classes(), narrator),
            workspace: workspace, explains: options.explains)
        let inputs = BuildInputs(options, sources, collection, program: program, build)
        let key = CacheKey(.pages, revision: 1, inputs.fields)
        if let result = last.result(ifStill: key, options), try output.isUntouched(workers: workers)
        {
            for erratum in result.value.errata.prefix(3) { narrator.warn("\(erratum)") }
            return result.value.unchanged(elapsed: narrator.now() - begin, reused: result.reused)
        }
        if options.explains, let changes = last.changes(in: key), !changes.isEmpty {
            narrator.warn("since the last build has changed: \(changes.joined(separator: ", "))")
        }
        for note in try SourceCheck.notes(theme: sources.theme, content: sources.content) {
            narrator.warn(note)
        }

        let loaded = try build.load(request, from: collection)
        let others = loaded.catalogue.errata.filter { $0.kind != .folderWithoutType }
        for erratum in others.prefix(3) { narrator.warn("\(erratum)") }
        let catalogue = loaded.catalogue
        try build.run(.dataset(catalogue, build))
        let classification = try build.classify(loaded)
        try workspace.note(network: classification.network.path)
        let likeness = try build.likeness(
            catalogue, network: classification.network, kmeansFile: options.kmeans)
        let plan = try build.run(
            .review(in: options.review, likeness.neighbours, loaded.images, build))
        let history = EditionHistory(
            EditionSnapshot(
                catalogue, predicted: classification.predictions.map(\.predicted),
                types: build.types),
            since: lastEdition, in: last.folder, date: narrator.date())
        let edition = Edition(
            title: build.settings.title, collection: loaded.collection.name,
            rockTypes: build.types, plates: build.settings.classes.plates, images: loaded.images,
            errata: catalogue.errata,
            shares: catalogue.isDividedByFolders ? [] : options.shares,
            corrections: catalogue.corrections,
            predictions: classification.predictions, classifier: classification.summary,
            evidence: classification.evidence, clustering: likeness.clustering,
            neighbours: likeness.neighbours, panels: build.settings.models,
            likenessTimes: likeness.times, top: build.settings.top,
            rotations: build.settings.rotations, review: plan,
            exemplars: try build.exemplars(of: catalogue, classification.predictions),
            votes: try VoteSummary.read(in: options.review, of: plan),
            history: options.times ? history.editions : [], metadata: catalogue.metadata)
        let written = try build.write(
            edition, of: loaded, sources, to: output, showsTimes: options.times)
        let result = BuildResult(
            images: loaded.images.count, pages: written.pages, errata: edition.errata,
            seconds: build.secondsByName, bytes: written.bytes, reused: build.reusedByName,
            accuracy: edition.classifier.test.accuracy, path: options.output + "/index.html",
            changed: history.change?.changedPictures ?? 0, rewritten: written.rewritten,
            positionsRemoved: written.removed.positions, metadataRemoved: written.removed.pictures,
            elapsed: narrator.now() - begin)
        try history.record()
        try last.record(
            result, reusable: build.reusableByName, written.record, key: key, options)
        return result
    }
}
