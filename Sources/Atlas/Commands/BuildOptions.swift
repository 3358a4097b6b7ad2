/// The options of a build; with `nil`, the setting of `content/atlas.yml` applies.
public struct BuildOptions: Sendable {
    public var collection: String?
    public var content: String?
    public var templates: String?
    public var output = "public"
    public var workspace = ".geoatlas"
    /// Folder of the running trial: plan, key, votes.
    public var review = "review"
    /// Name of an architecture, `auto`, or path of a model file.
    public var classifier: String?
    public var epochs: Int?
    /// Path of a fitted K-Means model.
    public var kmeans: String?
    public var k: Int?
    /// Networks for out-of-fold predictions: 0, or 2 to 20.
    public var folds: Int?
    public var top: Int?
    public var rotations: Bool?
    /// Of training, dev and test set; any scale.
    public var shares = [70.0, 18, 12]
    /// Whether the models page shows durations.
    public var times = true

    public init() {}
}

extension AtlasSettings {
    /// The settings, with the options that were given instead of theirs.
    func overridden(by options: BuildOptions) -> AtlasSettings {
        var settings = self
        if let collection = options.collection { settings.collection = collection }
        if let classifier = options.classifier { settings.network = classifier }
        if let epochs = options.epochs { settings.epochs = epochs }
        if let folds = options.folds { settings.folds = folds }
        if let top = options.top { settings.top = top }
        if let rotations = options.rotations { settings.rotations = rotations }
        if let k = options.k { settings.k = k }
        return settings
    }
}
