package import AtlasModel
import Similarity

/// The options of a build. Where an option is `nil`, the setting of `content/atlas.yml` applies.
package struct BuildOptions: Sendable, Equatable, Codable {
    /// Archives and folders that make one collection; empty for those of the settings.
    package var collections: [String] = []
    package var content: String?
    package var templates: String?
    package var output = "public"
    package var workspace = ".geoatlas"
    /// Folder of the running trial, with its plan, key and votes.
    package var review = "review"
    /// Name of a classifier, `auto`, or path of a model file.
    package var classifier: String?
    /// Seconds of training when a classifier is chosen.
    package var budget: Double?
    package var epochs: Int?
    /// The side of the input of a network that can see crops.
    package var inputSide: Int?
    /// Path of a fitted K-Means model.
    package var kmeans: String?
    /// Path of the `map.h5` of an earlier build, whose places stay.
    package var map: String?
    package var k: Int?
    /// Number of networks for out-of-fold predictions: 0, or 2 to 20.
    package var folds: Int?
    package var top: Int?
    package var rotations: Bool?
    /// What K-Means and Pairwise compare: the id of a view, or `auto`.
    package var view: String?
    /// Shares of the training, dev and test set, in any scale.
    package var shares = [70.0, 18, 12]
    /// What decides the split.
    package var split: SplitRule?
    /// Whether the models page shows durations.
    package var times = true
    /// Whether results of earlier builds are ignored.
    package var isForced = false
    /// Whether to say why a result is made again.
    package var explains = false

    package init() {}
}

extension AtlasSettings {
    /// The settings, with the given options in place of their values.
    func overridden(by options: BuildOptions) -> AtlasSettings {
        var settings = self
        if !options.collections.isEmpty { settings.collections = options.collections }
        if let classifier = options.classifier { settings.network = classifier }
        if let budget = options.budget { settings.budget = budget }
        if let epochs = options.epochs { settings.epochs = epochs }
        if let side = options.inputSide { settings.inputSide = side }
        if let folds = options.folds { settings.folds = folds }
        if let top = options.top { settings.top = top }
        if let rotations = options.rotations { settings.rotations = rotations }
        if let view = options.view {
            // Models that the settings show side by side make way for K-Means and Pairwise.
            if !settings.followsView {
                settings.models =
                    LikenessTable.standard.defaultPair + settings.models.dropFirst(2)
            }
            settings.view = view
            settings.followsView = true
        }
        if let k = options.k { settings.k = k }
        if let split = options.split { settings.split = split }
        return settings
    }
}
