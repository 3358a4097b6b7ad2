import AtlasModel

/// What pages say of a scene.
struct SceneFacts {
    let edition: Edition
    let scene: Scene

    /// The types of its labels with their numbers of pictures, in the order of the plates; the
    /// unlabelled come last.
    var types: [(type: Int?, count: Int)] {
        let labels = scene.tiles.map { edition.images[$0.picture].label }
        return (edition.plates.map(Optional.some) + [nil]).compactMap { type in
            let count = labels.count { $0 == type }
            return count == 0 ? nil : (type, count)
        }
    }

    /// Number of pictures whose prediction is not their label.
    var differing: Int { scene.tiles.count { differs($0.picture) } }

    func differs(_ picture: Int) -> Bool {
        guard let label = edition.images[picture].label,
            let prediction = edition.prediction(of: picture)
        else { return false }
        return prediction.predicted != label
    }

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
