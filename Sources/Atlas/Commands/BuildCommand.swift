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
        let prepared = try PreparedBuild(self, options)
        if let result = try prepared.unchangedResult(options, since: begin) {
            narrator.tell(result.errata)
            return result
        }
        let sources = try prepared.siteSources(options)
        if let result = try prepared.textUpdate(sources, options, since: begin) {
            narrator.tell(result.errata)
            return result
        }

        return try prepared.atlas(sources, options, since: begin)
    }
}

extension PreparedBuild {
    /// Runs the stages of a build.
    /// - Parameter begin: when this build began, in the seconds of the narrator's clock.
    /// - Throws: `AssignmentDone` if the process has done what it had to before the atlas is complete.
    func atlas(
        _ sources: SiteSources, _ options: BuildOptions, since begin: Double
    ) throws -> BuildResult {
        var build = context
        let edition = try write(sources, options, &build)
        // From here on nothing of the pictures is in memory, because the lists of all files need much of it too.
        build.forgetPictures()
        let written = edition.atlas
        let finished = try build.run(.manifest(of: written.output))
        let result = BuildResult(
            images: edition.images, pages: written.pages, errata: edition.errata,
            seconds: build.secondsByName, bytes: finished.bytes, reused: build.reusedByName,
            accuracy: edition.accuracy, path: options.output + "/index.html",
            changed: edition.history.change?.changedPictures ?? 0, moved: edition.moved,
            rewritten: written.rewritten,
            positionsRemoved: written.removed.positions, metadataRemoved: written.removed.pictures,
            elapsed: build.narrator.now() - begin)
        try edition.history.record()
        try last.record(
            .init(result: result, reusable: build.reusableByName, texts: written.texts),
            finished.record, key: edition.isSettled ? key : key.unsettled, options)
        return result
    }

    /// Runs the stages before the manifest.
    private func write(
        _ sources: SiteSources, _ options: BuildOptions, _ build: inout BuildContext
    ) throws -> WrittenEdition {
        let loaded = try build.grouped(build.load(request, from: collection))
        let catalogue = loaded.catalogue
        build.narrator.tell(catalogue.errata.filter { $0.kind != .folderWithoutType })
        let checks = try build.checks(of: loaded)
        try build.describeTextures(of: loaded, isPixels: options.kmeans != nil)
        let dataset = try build.begin(.dataset(catalogue, build))
        defer { dataset.wait() }
        let classification = try build.classify(loaded)
        let exemplars = try build.exemplars(of: catalogue, classification?.predictions)
        if let network = classification?.network {
            try build.note(network: network.path)
        } else {
            build.leaveOutModelsOfNetworks()
        }
        let likeness = try build.likeness(
            loaded, network: classification?.network, kmeansFile: options.kmeans)
        let map = try build.map(
            loaded, likeness, network: classification?.network,
            keeping: self.sources.earlierMap)
        let plan = try build.run(
            .review(
                in: options.review, likeness.folded ?? likeness.neighbours,
                TrialCollection(images: catalogue.images, vectors: catalogue.vectors), build))
        let scenes = try build.scenes(of: catalogue.groups, in: catalogue)
        let snapshot = EditionSnapshot(
            catalogue, predicted: classification?.predictions.map(\.predicted), types: build.types)
        let moves = SplitMoves(snapshot, since: lastEdition)
        if let sentence = moves.sentence { build.narrator.warn(sentence) }
        let history = EditionHistory(
            snapshot, since: lastEdition, in: last.folder,
            date: build.narrator.date())
        let found = Findings(
            loaded: loaded, classification: classification, likeness: likeness, plan: plan,
            history: history, scenes: scenes, checks: checks, map: map, exemplars: exemplars)
        let edition = try build.edition(of: found, options)
        return WrittenEdition(
            images: loaded.images.count, errata: edition.errata,
            accuracy: edition.classifier?.test.accuracy, history: history, moved: moves.count,
            isSettled: loaded.isSettled,
            atlas: try build.write(
                edition, of: loaded, sources, after: dataset, to: output, showsTimes: options.times)
        )
    }
}

/// What is left of an edition when its files are written, all but the manifest.
private struct WrittenEdition {
    /// Number of pictures.
    let images: Int
    let errata: [Erratum]
    /// Share of the test pictures that are predicted as labelled; `nil` without a network.
    let accuracy: Double?
    let history: EditionHistory
    /// Number of pictures that moved to another set of the split.
    let moved: Int
    /// Whether every file could be read.
    let isSettled: Bool
    let atlas: WrittenAtlas
}

extension Narrator {
    /// Names the first errata. The errata page has all.
    fileprivate func tell(_ errata: [Erratum]) {
        for erratum in errata.prefix(3) { warn("\(erratum)") }
    }
}

/// What the stages of a build have found, before it becomes an edition.
private struct Findings {
    let loaded: LoadedCollection
    let classification: Classification?
    let likeness: Likeness
    let plan: ReviewPlan?
    let history: EditionHistory
    let scenes: [Scene]
    let checks: PictureChecks
    let map: PictureMap?
    /// In class order.
    let exemplars: [Exemplars]
}

extension BuildContext {
    fileprivate func edition(of found: Findings, _ options: BuildOptions) throws -> Edition {
        let (catalogue, classification) = (found.loaded.catalogue, found.classification)
        return Edition(
            title: settings.title, collection: found.loaded.collection.name,
            rockTypes: types, plates: settings.classes.plates, images: catalogue.images,
            errata: catalogue.errata,
            shares: catalogue.isDividedByFolders ? [] : options.shares,
            corrections: catalogue.corrections,
            predictions: classification?.predictions ?? [], classifier: classification?.summary,
            evidence: classification?.evidence ?? .none(types: types.count),
            clustering: found.likeness.clustering,
            neighbours: found.likeness.neighbours, panels: settings.models,
            likenessTimes: found.likeness.times, top: settings.top,
            rotations: settings.rotations, review: found.plan,
            exemplars: found.exemplars,
            votes: try VoteSummary.read(in: options.review, of: found.plan),
            closedTrials: try closedTrials(in: options.review),
            history: options.times ? found.history.editions : [], metadata: catalogue.metadata,
            groups: catalogue.groups, contradictions: catalogue.contradictions,
            splitRule: catalogue.division.rule, isSealed: settings.trial.isSealed,
            scenes: found.scenes, seams: settings.seams ?? .sharp, checks: found.checks,
            folded: found.likeness.folded, verdicts: found.loaded.verdicts,
            viewChoice: found.likeness.choice, map: found.map)
    }
}
