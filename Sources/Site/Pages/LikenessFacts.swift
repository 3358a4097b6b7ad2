import AtlasModel

extension Edition {
    /// The facts for sentences about all pictures.
    var likenessFacts: LikenessFacts {
        LikenessFacts(clusters: clustering.k, network: classifier?.name)
    }

    /// The facts for sentences about the look-alikes of one picture by a model.
    func likenessFacts(of index: Int, by model: LikenessModel) -> LikenessFacts {
        var facts = likenessFacts
        // Pages show the clusters of one view only.
        if model.scope != .cluster || clustering.isOf(model.view) {
            facts.cluster = clustering.assignments[index] + 1
        } else {
            facts.clusters = nil
        }
        return facts
    }
}

extension Clustering {
    /// Whether the clusters are those of a view.
    fileprivate func isOf(_ other: LikenessView) -> Bool {
        view.map { $0 == other } ?? (other.measure == .correlation)
    }
}
