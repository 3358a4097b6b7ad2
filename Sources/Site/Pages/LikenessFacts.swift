import AtlasModel

extension Edition {
    /// What sentences about all pictures may name.
    var likenessFacts: LikenessFacts {
        LikenessFacts(clusters: clustering.k, network: classifier.name)
    }

    /// What sentences about the look-alikes of one picture may name.
    func likenessFacts(of index: Int) -> LikenessFacts {
        var facts = likenessFacts
        facts.cluster = clustering.assignments[index] + 1
        return facts
    }

    /// The targets by correlation of the whole collection; `nil` when no model compares so.
    var neighboursByCorrelation: Neighbours? {
        neighbours.first {
            $0.model.view.measure == .correlation && $0.model.scope == .collection
        }
    }
}
