import AtlasModel
import Catalog
import Site
import Statistics

extension Run {
    /// Builds the atlas of a collection. Slow results whose inputs have not changed are reused from
    /// the workspace.
    /// - Throws: `AtlasError`, or the error of the module that failed. A picture that cannot be used
    ///   becomes an erratum and stops nothing.
    package func build(_ options: BuildOptions) throws -> BuildResult {
        let sources = try BuildSources(options, likeness: likenessModels)
        let output = try OutputFolder(options.output)
        let workspace = try Workspace(options.workspace)
        var build = BuildContext(self, settings: sources.settings, workspace: workspace)

        let loaded = try build.load(sources.request(options))
        for erratum in loaded.catalogue.errata.prefix(3) { narrator.warn("\(erratum)") }
        let catalogue = loaded.catalogue
        try build.run(.dataset(catalogue, build))
        let classification = try build.classify(loaded)
        try workspace.note(network: classification.network.path)
        let likeness = try build.likeness(
            catalogue, network: classification.network, kmeansFile: options.kmeans)
        let plan = try build.run(
            .review(in: options.review, likeness.neighbours, loaded.images, build))
        let edition = Edition(
            title: build.settings.title, collection: loaded.collection.name,
            rockTypes: build.types, plates: build.settings.classes.plates, images: loaded.images,
            errata: catalogue.errata, shares: options.shares, corrections: catalogue.corrections,
            predictions: classification.predictions, classifier: classification.summary,
            evidence: classification.evidence, clustering: likeness.clustering,
            neighbours: likeness.neighbours, panels: build.settings.models,
            likenessTimes: likeness.times, top: build.settings.top,
            rotations: build.settings.rotations, review: plan,
            exemplars: try Exemplars.chosen(
                from: catalogue, classification.predictions, types: build.types.count,
                workers: workers),
            votes: try VoteSummary.read(in: options.review, of: plan))
        let written = try build.write(
            edition, of: loaded, sources, to: output, showsTimes: options.times)
        return BuildResult(
            images: loaded.images.count, pages: written.pages, errata: edition.errata,
            seconds: build.secondsByName, bytes: written.bytes, reused: build.reusedByName,
            accuracy: edition.classifier.test.accuracy, path: options.output + "/index.html")
    }
}
