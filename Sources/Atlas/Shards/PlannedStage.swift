/// A stage of a plan: one or more stages of a build, of which one at most is made in parts.
///
/// They are in the order in which a build needs their results. `shard` and `merge` name them.
enum PlannedStage: String, Codable, CaseIterable, Comparable, Sendable {
    case catalogue, groups, checks, textures, train, classify, cluster, neighbours, map, pages

    /// The planned stage that a stage of a build belongs to.
    init(_ stage: StageName) {
        self =
            switch stage {
            case .catalogue: .catalogue
            case .groups: .groups
            case .checks: .checks
            case .textures: .textures
            case .dataset, .train: .train
            case .classify: .classify
            case .cluster, .view: .cluster
            case .neighbours: .neighbours
            case .map, .review: .map
            case .scenes, .pages, .thumbnails, .manifest: .pages
            }
    }

    /// Whether several shards can share the work.
    var isDivisible: Bool {
        switch self {
        case .catalogue, .groups, .checks, .textures, .classify, .neighbours, .pages: true
        case .train, .cluster, .map: false
        }
    }

    static func < (left: PlannedStage, right: PlannedStage) -> Bool {
        left.place < right.place
    }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
