import AtlasModel

/// What pages say of a scene.
struct SceneFacts {
    let edition: Edition
    let scene: Scene

    private var pictures: [Int] { scene.tiles.map(\.picture) }

    /// The types of its labels with their numbers of pictures, in the order of the plates; the
    /// unlabelled come last.
    var types: [(type: Int?, count: Int)] { edition.types(of: pictures) }

    /// Number of pictures whose prediction is not their label.
    var differing: Int { pictures.count(where: edition.differs) }

    /// `Schist`, `Schist and gneiss`.
    func names(_ signs: TypeSigns) -> String {
        Figures.list(types.map { signs[$0.type].label }).capitalizedFirst
    }

    /// `3 pictures are taken for another type than their label.`; empty without a network.
    var sentence: String {
        if edition.classifier == nil { return "" }
        return switch differing {
        case 0: "No picture is taken for another type than its label."
        case 1: "One picture is taken for another type than its label."
        default: "\(Figures.count(differing)) pictures are taken for another type than their label."
        }
    }
}
