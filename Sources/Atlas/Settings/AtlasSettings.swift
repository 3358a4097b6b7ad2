package import AtlasModel
package import Catalog
import Raster
package import Similarity
package import Site
import Yams

/// The settings of `content/atlas.yml`. A command-line option takes precedence over each of them.
package struct AtlasSettings: Sendable, Equatable {
    /// The file that they are from, for messages.
    package var file = "content/atlas.yml"
    package var title = "GeoAtlas"
    /// Paths of archives and folders, relative to where the command runs.
    package var collections: [String] = []
    /// In the order of the rock-type pages.
    package var types = RockType.reference
    /// What decides the split.
    package var split = SplitRule.groups
    /// The name of a classifier, or the path of its file; `nil` for one that suits the collection.
    package var network: String?
    /// Seconds of training when a classifier is chosen; `nil` for the standard.
    package var budget: Double?
    /// The side of the input of a network that can see crops; `nil` for one that suits the collection.
    package var inputSide: Int?
    /// `nil` for a number that depends on the size of the collection.
    package var epochs: Int?
    package var folds = 5
    package var top = 12
    package var rotations = false
    /// Likeness models. The first two are shown side by side and reviewed; the others are folded.
    package var models = LikenessTable.standard.defaultPair
    /// What K-Means and Pairwise compare when `models` are not named: the id of a view, or `auto`.
    package var view = ViewChoice.automatic
    /// Whether the first two of `models` are K-Means and Pairwise on that view.
    package var followsView = true
    /// Whether the targets of a very large collection may be searched approximately.
    package var isApproximate = false
    /// Whether panels leave out the pictures of the candidate's own group, which are told in one line.
    package var foldsGroups = true
    /// Number of clusters; `nil` for the k that the elbow curve suggests.
    package var k: Int?
    package var restarts = 10
    package var trial = TrialSettings()
    /// Whether the atlas has a map of all pictures.
    package var hasMap = true
    /// What scenes show where pictures overlap; `nil` for no scenes.
    package var seams: SceneSeams? = .sharp
    /// How published copies of pictures are made.
    package var copies = PictureCopies()
    /// Megabytes that all threads together use for decoding pictures.
    package var memory = DecodingMemory.standard
    /// Path of a table with metadata, relative to where the command runs.
    package var table: String?
    /// Finds specimens in names of files; `nil` for none.
    package var specimens: SpecimenPattern?

    package init() {}

    /// Most bytes of the file.
    private static let sizeLimit = 1_000_000

    /// The types in alphabetical order, which is the order of classes, and the plates as indices
    /// into them.
    package var classes: (types: [RockType], plates: [Int]) {
        let sorted = types.sorted { $0.label.precedes($1.label) }
        return (sorted, types.compactMap { type in sorted.firstIndex(of: type) })
    }

    /// Reads `atlas.yml`.
    /// - Parameters:
    ///   - text: the file's content.
    ///   - path: its name, for messages.
    ///   - likeness: the likeness models that the file may name.
    /// - Throws: `AtlasError` for damaged YAML, unknown keys and values of the wrong kind.
    package static func parse(
        _ text: String, path: String, likeness: LikenessTable = .standard
    ) throws -> AtlasSettings {
        guard text.utf8.count <= sizeLimit else {
            throw AtlasError.unreadableSettings(
                path: path, reason: "it is larger than \(sizeLimit / 1_000_000) MB")
        }
        let root: Node?
        do {
            root = try YAMLDocument.root(of: text)
        } catch {
            guard let line = error.line else {
                throw AtlasError.unreadableSettings(path: path, reason: error.reason)
            }
            throw AtlasError.wrongLine(path: path, line: line, reason: error.reason + ".")
        }
        var settings = AtlasSettings()
        settings.models = likeness.defaultPair
        guard let root, root.null == nil else { return settings }
        let reader = SettingsReader(path: path, likeness: likeness)
        try reader.section(root, named: "the file") { key, value in
            switch key {
            case "title": settings.title = try reader.text(value, key)
            case "collection": settings.collections = try reader.texts(value, key)
            case "types": settings.types = try reader.types(value, key)
            case "split": settings.split = try reader.split(value, key)
            case "classifier": try reader.classifier(value, into: &settings)
            case "neighbours": try reader.neighbours(value, into: &settings)
            case "kmeans": try reader.kmeans(value, into: &settings)
            case "review": try reader.review(value, into: &settings)
            case "map": settings.hasMap = try reader.truth(value, key)
            case "scenes": settings.seams = try reader.seams(value, key)
            case "metadata": settings.copies.keepsMetadata = try reader.metadata(value, key)
            case "table": settings.table = try reader.optionalText(value, key)
            case "specimen": settings.specimens = try reader.specimens(value, key)
            case "largest":
                settings.copies.largest = try reader.largest(value, key)
            case "memory":
                settings.memory = try reader.number(value, key, in: DecodingMemory.range)
            default:
                return [
                    "title", "collection", "types", "split", "classifier", "neighbours", "kmeans",
                    "review", "map", "scenes", "metadata", "largest", "table", "specimen", "memory",
                ]
            }
            return nil
        }
        try reader.check(settings.trial, models: settings.models)
        return settings
    }
}

extension SettingsReader {
    fileprivate func classifier(_ node: Node, into settings: inout AtlasSettings) throws {
        try section(node, named: "classifier") { key, value in
            switch key {
            case "network": settings.network = try optionalText(value, key)
            case "epochs": settings.epochs = try automatic(value, key, in: 1...10_000)
            case "folds": settings.folds = try folds(value, key)
            case "budget":
                settings.budget = try automatic(value, key, in: 1...1_000_000).map { Double($0) }
            case "input": settings.inputSide = try inputSide(value, key)
            default: return ["network", "epochs", "folds", "budget", "input"]
            }
            return nil
        }
    }

    fileprivate func neighbours(_ node: Node, into settings: inout AtlasSettings) throws {
        try section(node, named: "neighbours") { key, value in
            switch key {
            case "top": settings.top = try number(value, key, in: 1...100)
            case "rotations": settings.rotations = try truth(value, key)
            case "view": settings.view = try view(value, key)
            case "models":
                if value.null != nil || value.string?.isEmpty == true { break }
                settings.models = try likenessModels(value, key)
                settings.followsView = false
            case "groups": settings.foldsGroups = try foldsGroups(value, key)
            case "approximate": settings.isApproximate = try truth(value, key)
            default: return ["top", "rotations", "view", "models", "groups", "approximate"]
            }
            return nil
        }
    }

    fileprivate func kmeans(_ node: Node, into settings: inout AtlasSettings) throws {
        try section(node, named: "kmeans") { key, value in
            switch key {
            case "k": settings.k = try automatic(value, key, in: 1...1_000)
            case "restarts": settings.restarts = try number(value, key, in: 1...1_000)
            default: return ["k", "restarts"]
            }
            return nil
        }
    }
}
