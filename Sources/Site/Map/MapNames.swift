import AtlasModel

/// Names of regions of the map, for several zooms.
///
/// The grid is divided into square blocks of several sizes. A block is of a label if more than half of its
/// pictures have it, and adjacent blocks of one label are a region. Where most pictures have no label, the
/// cluster of most of them takes its place.
struct MapNames: Sendable {
    /// The largest region first.
    let names: [Name]

    struct Name: Sendable, Equatable {
        /// Cells along a side of its blocks.
        let side: Int
        /// Its place, in cells from the left and the top: the middle of a block.
        let x, y: Double
        /// Number of its pictures.
        let count: Int
        /// The cell of the picture with the largest PageRank, of those that are as the title says.
        let cell: Int
        let title: String
        /// How many pictures are as the title says, and what else they have in common.
        let more: String
    }

    /// What pictures of a region have in common.
    enum Sort: Hashable, Sendable {
        case label(Int)
        /// Of pictures without a label.
        case cluster(Int)
        case unlabelled
    }

    /// The pictures of a map in the order of their cells.
    struct Cells: Sendable {
        let columns: Int
        let labels: [Int?]
        /// `nil` where it is not told.
        let clusters: [Int?]
        let ranks: [Double]
        let words: MapWords

        var rows: Int { (labels.count + columns - 1) / columns }
    }

    /// Numbers of blocks along the longer side of the map.
    private static let divisions = [6, 12, 24]
    /// Cells along a side of a block, at least.
    private static let least = 4

    /// - Parameter titles: of the labels.
    init(_ cells: Cells, titles: [String]) {
        let longer = Double(max(cells.columns, cells.rows))
        let sides = Self.divisions.map {
            max(Self.least, Int((longer / Double($0)).rounded(.up)))
        }
        names = Set(sides).sorted(by: >).flatMap { MapBlocks(cells, side: $0).names(titles) }
            .enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map(\.element)
    }

    init(_ map: MapLayout, _ layout: Layout, _ words: MapWords) {
        let edition = layout.edition
        self.init(
            Cells(
                columns: map.map.columns, labels: map.pictures.map { edition.images[$0].label },
                clusters: map.pictures.map {
                    edition.clustering.k < 2 || layout.sealed.contains($0)
                        ? nil : edition.clustering.assignments[$0]
                }, ranks: map.pictures.map { map.map.ranks[$0] }, words: words),
            titles: layout.signs.types.map(\.title))
    }
}

/// The square blocks of one size.
private struct MapBlocks {
    private let map: MapNames.Cells
    private let side: Int
    private let across: Int
    private let blocks: [[Int]]
    /// What most pictures of each block have in common; `nil` for nothing.
    private let sorts: [MapNames.Sort?]

    init(_ map: MapNames.Cells, side: Int) {
        self.map = map
        self.side = side
        let across = (map.columns + side - 1) / side
        self.across = across
        var blocks = [[Int]](repeating: [], count: across * ((map.rows + side - 1) / side))
        for cell in map.labels.indices {
            blocks[cell / map.columns / side * across + cell % map.columns / side].append(cell)
        }
        self.blocks = blocks
        sorts = blocks.map(map.sort(of:))
    }

    func names(_ titles: [String]) -> [MapNames.Name] {
        var isSeen = [Bool](repeating: false, count: blocks.count)
        return blocks.indices.compactMap { first in
            guard let sort = sorts[first], !isSeen[first] else { return nil }
            let own = connected(first, &isSeen)
            let cells = own.flatMap { blocks[$0] }
            // Half a block at the border says little.
            guard 2 * cells.count >= side * side else { return nil }
            return name(sort, own, cells, titles)
        }
    }

    /// The blocks that belong with a first one, by a search in breadth.
    private func connected(_ first: Int, _ isSeen: inout [Bool]) -> [Int] {
        var found = [first]
        isSeen[first] = true
        var place = 0
        while place < found.count {
            let block = found[place]
            place += 1
            let column = block % across
            var beside = [block - across, block + across]
            if column > 0 { beside.append(block - 1) }
            if column < across - 1 { beside.append(block + 1) }
            for next in beside
            where blocks.indices.contains(next) && !isSeen[next] && sorts[next] == sorts[first] {
                isSeen[next] = true
                found.append(next)
            }
        }
        return found
    }

    private func name(
        _ sort: MapNames.Sort, _ own: [Int], _ cells: [Int], _ titles: [String]
    ) -> MapNames.Name {
        func mean(_ of: (Int) -> Int) -> Double {
            Double(own.reduce(0) { $0 + of($1) }) / Double(own.count)
        }
        let (x, y) = (mean { $0 % across }, mean { $0 / across })
        func distance(_ block: Int) -> Double {
            let (a, b) = (Double(block % across) - x, Double(block / across) - y)
            return a * a + b * b
        }
        let anchor = own.min { distance($0) < distance($1) } ?? own[0]
        let named = cells.filter { map.isOf(sort, $0) }
        let cell = named.min { (map.ranks[$1], $0) < (map.ranks[$0], $1) } ?? cells[0]
        let title = sort.title(titles)
        var more = ["\(Figures.count(named.count)) of \(Figures.count(cells.count))"]
        if case .label = sort, let cluster = majority(cells.map { map.clusters[$0] }) ?? nil {
            more.append("cluster \(cluster + 1)")
        }
        more += map.words.common(cells, besides: title)
        return MapNames.Name(
            side: side, x: (Double(anchor % across) + 0.5) * Double(side),
            y: (Double(anchor / across) + 0.5) * Double(side), count: cells.count, cell: cell,
            title: title, more: more.joined(separator: ", "))
    }
}

extension MapNames.Cells {
    /// What more than half of some pictures have in common; `nil` for nothing.
    fileprivate func sort(of cells: [Int]) -> MapNames.Sort? {
        guard let label = majority(cells.map { labels[$0] }) else { return nil }
        if let label { return .label(label) }
        let cluster = majority(cells.map { clusters[$0] }) ?? nil
        return cluster.map(MapNames.Sort.cluster) ?? .unlabelled
    }

    fileprivate func isOf(_ sort: MapNames.Sort, _ cell: Int) -> Bool {
        switch sort {
        case .label(let label): labels[cell] == label
        case .cluster(let cluster): labels[cell] == nil && clusters[cell] == cluster
        case .unlabelled: labels[cell] == nil
        }
    }
}

/// What more than half of some values are; `nil` without such a value.
private func majority<Value: Hashable>(_ values: [Value]) -> Value? {
    var counts: [Value: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return counts.first { 2 * $0.value > values.count }?.key
}

extension MapNames.Sort {
    fileprivate func title(_ titles: [String]) -> String {
        switch self {
        case .label(let label): titles[label]
        case .cluster(let cluster): "Cluster \(cluster + 1)"
        case .unlabelled: "Unlabelled"
        }
    }
}
