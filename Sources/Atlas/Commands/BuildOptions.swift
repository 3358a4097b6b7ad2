package import AtlasModel

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
    /// Name of an architecture, `auto`, or path of a model file.
    package var classifier: String?
    package var epochs: Int?
    /// Path of a fitted K-Means model.
    package var kmeans: String?
    package var k: Int?
    /// Number of networks for out-of-fold predictions: 0, or 2 to 20.
    package var folds: Int?
    package var top: Int?
    package var rotations: Bool?
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
        if let epochs = options.epochs { settings.epochs = epochs }
        if let folds = options.folds { settings.folds = folds }
        if let top = options.top { settings.top = top }
        if let rotations = options.rotations { settings.rotations = rotations }
        if let k = options.k { settings.k = k }
        if let split = options.split { settings.split = split }
        return settings
    }
}
