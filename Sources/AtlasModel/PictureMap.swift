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
    /// For each picture how central it is among its look-alikes: its PageRank.
    package let ranks: [Double]
    package let figures: MapFigures

    package init(
        model: LikenessModel, places: [SIMD2<Float>], cells: [Int], columns: Int, ranks: [Double],
        figures: MapFigures
    ) {
        self.model = model
        self.places = places
        self.cells = cells
        self.columns = columns
        self.ranks = ranks
        self.figures = figures
    }

    package var rows: Int { columns == 0 ? 0 : (cells.count + columns - 1) / columns }
}

/// How well a map keeps the neighbours of pictures.
package struct MapFigures: Sendable, Equatable {
    /// In the plane.
    package let plane: Kept
    /// In the grid.
    package let grid: Kept
    /// What trustworthiness is measured on; `nil` where it is not measured.
    package let sample: Sample?

    package struct Kept: Sendable, Equatable {
        /// The share of a picture's targets that are among as many nearest, on average; `nil` if no picture has
        /// targets.
        package let recall: Double?
        /// As scikit-learn defines it, of the pictures of the sample; `nil` without one.
        package let trustworthiness: Double?

        package init(recall: Double?, trustworthiness: Double?) {
            self.recall = recall
            self.trustworthiness = trustworthiness
        }
    }

    package struct Sample: Sendable, Equatable {
        package let pictures: Int
        /// Number of nearest pictures that are considered.
        package let neighbours: Int

        package init(pictures: Int, neighbours: Int) {
            self.pictures = pictures
            self.neighbours = neighbours
        }
    }

    package init(plane: Kept, grid: Kept, sample: Sample?) {
        self.plane = plane
        self.grid = grid
        self.sample = sample
    }
}
