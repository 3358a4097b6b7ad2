import AtlasModel

extension ClassifierKind {
    /// What sentences call it: `the network conv2l`, `the classifier texture`.
    var noun: String {
        switch self {
        case .network: "network"
        case .textures, .fused: "classifier"
        }
    }
}

extension Edition {
    /// What sentences call the classifier of the atlas.
    var classifierNoun: String { (classifier?.kind ?? .network).noun }
}
