/// Where the pictures of an edition lie on the map: in the plane, and in the cells of a grid.
package struct PictureMap: Sendable, Equatable {
    /// The likeness model whose targets lie near each other.
    package let model: LikenessModel
    /// For each picture its place in the plane, in a unit of its own.
    package let places: [SIMD2<Float>]
    /// For each picture the number of its cell, row by row; each number occurs once.
    package let cells: [Int]
    /// Number of cells in a row. All rows but the last are full.
    package let columns: Int

    package init(
        model: LikenessModel, places: [SIMD2<Float>], cells: [Int], columns: Int
    ) {
        self.model = model
        self.places = places
        self.cells = cells
        self.columns = columns
    }

    package var rows: Int { columns == 0 ? 0 : (cells.count + columns - 1) / columns }
}
