import AtlasModel

extension Edition {
    /// The facts for sentences about all pictures.
    var likenessFacts: LikenessFacts {
        LikenessFacts(clusters: clustering.k, network: classifier?.name)
    }

    /// The facts for sentences about the look-alikes of one picture.
    func likenessFacts(of index: Int) -> LikenessFacts {
        var facts = likenessFacts
        facts.cluster = clustering.assignments[index] + 1
        return facts
    }

    /// The targets by correlation in the whole collection; `nil` when no model compares by
    /// correlation.
    var neighboursByCorrelation: Neighbours? {
        neighbours.first {
            $0.model.view.measure == .correlation && $0.model.scope == .collection
        }
    }
}
