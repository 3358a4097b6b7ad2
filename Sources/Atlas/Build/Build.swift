import AtlasModel
import Catalog
import Fingerprint
import Foundation
import Messages
import Review
import Similarity
import Site

extension Run {
    /// Makes the atlas of a collection: catalogue, dataset, train, classify, cluster, neighbours,
    /// review, pages, thumbnails, manifest.
    ///
    /// What took long and would come out the same is taken from the workspace.
    /// - Throws: `AtlasError`, or the error of the room that failed; a picture that cannot be used is
    ///   an erratum and stops nothing.
    public func build(_ options: BuildOptions) throws -> BuildResult {
        let sources = try BuildSources(options)
        let output = try OutputFolder(options.output)
        let workspace = try Workspace(options.workspace)
        var record = BuildRecord()
        let settings = sources.settings
        let (types, plates) = settings.classes

        let (collection, catalogue, seconds) = try catalogue(
            sources.collection, types: types, corrections: sources.corrections,
            shares: options.shares,
            leavingOut: [options.output, options.workspace, options.review],
            workspace: workspace)
        record.seconds["catalogue"] = seconds
        for erratum in catalogue.errata.prefix(3) { narrator.warn("\(erratum)") }
        try dataset(catalogue, types, workspace, &record)
        let classes = try classified(
            catalogue, settings, types, sources.collection, workspace, &record)
        try workspace.note(network: classes.network.path)
        let likeness = try likeness(
            catalogue, settings, network: classes.network, kmeansFile: options.kmeans, workspace,
            &record)
        let plan = try record.stage("review", narrator) {
            try trial(in: options.review, settings, likeness.neighbours, catalogue.images)
        }
        let exemplars = try exemplars(
            of: catalogue.images, catalogue.vectors, classes.predictions, types: types.count)
        let votes = try votes(in: options.review, of: plan)
        let edition = Edition(
            title: settings.title, collection: collection.name,
            rockTypes: types,
            plates: plates, images: catalogue.images, errata: catalogue.errata,
            shares: options.shares, corrections: catalogue.corrections,
            predictions: classes.predictions, classifier: classes.summary,
            evidence: classes.evidence, clustering: likeness.clustering,
            neighbours: likeness.neighbours, panels: settings.models,
            likenessTimes: likeness.times, top: settings.top, rotations: settings.rotations,
            review: plan, exemplars: exemplars, votes: votes)
        return try render(
            edition, catalogue, collection, sources, to: output, showsTimes: options.times,
            path: options.output, &record)
    }

    /// Writes pictures, pages and the manifest.
    private func render(
        _ edition: Edition, _ catalogue: Catalogue, _ collection: Collection,
        _ sources: BuildSources, to output: OutputFolder, showsTimes: Bool, path: String,
        _ record: inout BuildRecord
    ) throws -> BuildResult {
        let images = edition.images
        let start = narrator.now()
        let site = try Site(
            edition: edition, templates: sources.templates, content: sources.content,
            pictures: PictureSource(
                vector: { Array(catalogue.vectors[$0]) },
                file: { try collection.bytes(at: images[$0].path) }),
            showsTimes: showsTimes)
        // Laying out is part of making pages.
        record.seconds["pages"] = narrator.now() - start
        for note in site.notes { narrator.warn(note) }
        let pages = try record.stage(
            "pages", narrator, remark: { counted($0.count, "page") },
            work: {
                let pages = try site.pages(workers: workers, progress: narrator.progress)
                try pages.write(to: output.sink, workers: workers)
                return pages
            })
        record.reused["pages"] = output.unchanged
        try record.stage("thumbnails", narrator) {
            try site.writePictures(
                to: output.sink, workers: workers, progress: narrator.progress)
        }
        record.reused["thumbnails"] = output.unchanged - (record.reused["pages"] ?? 0)
        let (_, bytes) = try record.stage("manifest", narrator) { try output.finish() }
        return BuildResult(
            images: images.count, pages: pages.count, errata: edition.errata,
            seconds: record.seconds,
            bytes: bytes, reused: record.reused, accuracy: edition.classifier.test.accuracy,
            path: path + "/index.html")
    }
}

/// What the stages took, and what they took over from an earlier build.
struct BuildRecord {
    /// By stage.
    var seconds: [String: Double] = [:]
    /// Entries taken over, by stage.
    var reused: [String: Int] = [:]

    /// Runs `work` as the stage `name` and keeps its time.
    mutating func stage<Value>(
        _ name: String, _ narrator: Narrator, remark: (Value) -> String = { _ in "" },
        work: () throws -> Value
    ) rethrows -> Value {
        let (value, time) = try narrator.stage(name, remark: remark, work: work)
        seconds[name, default: 0] += time
        return value
    }
}

/// Where a build reads from: everything that can be wrong with it is found before the work begins.
struct BuildSources {
    let settings: AtlasSettings
    let collection: String
    let corrections: Corrections
    let content: String
    let templates: String

    init(_ options: BuildOptions) throws {
        content = try Self.folder("content", options.content)
        templates = try Self.folder("templates", options.templates)
        let file = content + "/atlas.yml"
        var settings = AtlasSettings()
        if let text = try Self.text(file) { settings = try .parse(text, path: file) }
        self.settings = settings.overridden(by: options)
        guard let collection = self.settings.collection else {
            throw AtlasError.noCollection(settings: file)
        }
        self.collection = collection
        let labels = content + "/labels.csv"
        corrections =
            try Self.text(labels).map { Corrections(csv: $0, path: labels) } ?? Corrections()
    }

    private static func folder(_ name: String, _ given: String?) throws -> String {
        guard let given else { return try Defaults.here.folder(name) }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: given, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw AtlasError.noFolder(option: name, path: given) }
        return given
    }

    /// The file's text, `nil` when there is none.
    private static func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw AtlasError.unreadableSettings(
                path: path, reason: "it is not UTF-8 text, or not yours to read")
        }
    }
}
