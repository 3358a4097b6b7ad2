/// Pictures of the same ground, put together from the offsets of their pairs.
package struct Scene: Sendable, Hashable {
    /// A picture in its place.
    package struct Tile: Sendable, Hashable {
        /// Index in the collection's key order.
        package let picture: Int
        /// The upper left corner of its model vector, in pixels from that of the scene.
        package let top: Int
        package let left: Int
        /// How the model vector lies there.
        package let symmetry: SquareSymmetry

        package init(
            picture: Int, top: Int, left: Int, symmetry: SquareSymmetry = .identity
        ) {
            self.picture = picture
            self.top = top
            self.left = left
            self.symmetry = symmetry
        }
    }

    /// In key order. The smallest `top` and the smallest `left` are 0.
    package let tiles: [Tile]
    /// Number of pairs whose offsets hold in the scene.
    package let pairs: Int
    /// Number of pairs of its pictures that contradict the others, and were left out.
    package let contradicting: Int
    /// Root mean square of the distances, in pixels, between the offsets of the pairs that hold and
    /// those of the scene before they were rounded.
    package let residual: Double

    /// Least number of pictures of a scene.
    package static let least = 4

    package init(tiles: [Tile], pairs: Int, contradicting: Int, residual: Double) {
        self.tiles = tiles
        self.pairs = pairs
        self.contradicting = contradicting
        self.residual = residual
    }

    /// Size in pixels.
    package var width: Int { (tiles.map(\.left).max() ?? 0) + ModelVectors.side }
    package var height: Int { (tiles.map(\.top).max() ?? 0) + ModelVectors.side }
}

/// What scenes show where pictures overlap.
package enum SceneSeams: String, Sendable, Hashable, CaseIterable {
    /// Of each pixel the picture whose middle is nearest.
    case sharp
    /// A mean in which each picture weighs less towards its edges.
    case blend
}
