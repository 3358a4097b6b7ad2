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
        /// The picture with the largest PageRank; the first of equal ones.
        let typical: Int
        /// What the metadata say of it, and not of others.
        let words: [String]
    }

    /// Cells along the side of a region, at least, and most regions along a side of the map.
    private static let leastSide = 12
    private static let most = 6

    init(_ layout: MapLayout, _ words: MapWords) {
        let map = layout.map
        let columns = min(Self.most, max(1, map.columns / Self.leastSide))
        let rows = min(Self.most, max(1, map.rows / Self.leastSide))
        regions = (0..<columns * rows).compactMap { place in
            let (column, row) = (place % columns, place / columns)
            let across = map.columns * column / columns..<map.columns * (column + 1) / columns
            let down = map.rows * row / rows..<map.rows * (row + 1) / rows
            let cells = down.flatMap { y in
                across.map { y * map.columns + $0 }.filter { $0 < layout.pictures.count }
            }
            let pictures = cells.map { layout.pictures[$0] }
            guard let typical = pictures.min(by: { (map.ranks[$1], $0) < (map.ranks[$0], $1) })
            else { return nil }
            let letter = Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(column)))
            return Region(
                name: "\(letter)\(row + 1)", pictures: pictures,
                middle: (
                    Double(across.lowerBound + across.upperBound) / 2,
                    Double(down.lowerBound + down.upperBound) / 2
                ), width: across.count, typical: typical, words: words.common(cells))
        }
    }
}
