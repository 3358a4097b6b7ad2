import AtlasModel

/// The map in words: parts of its grid, each with its pictures.
struct MapRegions: Sendable {
    /// Row by row.
    let regions: [Region]

    struct Region: Sendable {
        /// `B3`: the column as a letter, the row as a number.
        let name: String
        /// The pictures in its cells.
        let pictures: [Int]
        /// The cell in its middle, in cells from the left and the top.
        let middle: (column: Double, row: Double)
        /// Number of columns of the map that it covers.
        let width: Int
        /// The picture that most others of the region have among their targets. The first of equal ones.
        let typical: Int
    }

    /// Cells along the side of a region, at least, and most regions along a side of the map.
    private static let leastSide = 12
    private static let most = 6

    init(_ layout: MapLayout, _ edition: Edition) {
        let map = layout.map
        let columns = min(Self.most, max(1, map.columns / Self.leastSide))
        let rows = min(Self.most, max(1, map.rows / Self.leastSide))
        let targets = edition.neighbours.first { $0.model == map.model }?.matches ?? []
        regions = (0..<columns * rows).compactMap { place in
            let (column, row) = (place % columns, place / columns)
            let across = map.columns * column / columns..<map.columns * (column + 1) / columns
            let down = map.rows * row / rows..<map.rows * (row + 1) / rows
            let pictures = down.flatMap { y in
                across.map { y * map.columns + $0 }.filter { $0 < layout.pictures.count }
            }.map { layout.pictures[$0] }
            guard let first = pictures.first else { return nil }
            let own = Set(pictures)
            var named: [Int: Int] = [:]
            for picture in pictures where picture < targets.count {
                for match in targets[picture] where own.contains(match.target) {
                    named[match.target, default: 0] += 1
                }
            }
            let typical = pictures.max { (named[$0] ?? 0, $1) < (named[$1] ?? 0, $0) }
            let letter = Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(column)))
            return Region(
                name: "\(letter)\(row + 1)", pictures: pictures,
                middle: (
                    Double(across.lowerBound + across.upperBound) / 2,
                    Double(down.lowerBound + down.upperBound) / 2
                ), width: across.count, typical: typical ?? first)
        }
    }
}
