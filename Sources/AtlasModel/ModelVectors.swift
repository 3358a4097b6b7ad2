/// The input of all models: every picture as 28 × 28 RGB bytes, `(n, 28, 28, 3) uint8`, row-major.
package struct ModelVectors: Sendable, Equatable {
    /// Pixels along a side of a model vector.
    package static let side = 28
    /// Bytes of one model vector: 28 · 28 · 3.
    package static let length = side * side * 3

    /// All vectors, one after another; `count * length` bytes.
    package let bytes: [UInt8]

    /// - Precondition: `bytes.count` is a multiple of `length`.
    package init(bytes: [UInt8]) {
        precondition(bytes.count % Self.length == 0, "model vectors are 2352 bytes each")
        self.bytes = bytes
    }

    package var count: Int { bytes.count / Self.length }

    package subscript(index: Int) -> ArraySlice<UInt8> {
        bytes[index * Self.length..<(index + 1) * Self.length]
    }

    /// Whether all bytes of the vector at `index` are equal, as those of an even grey picture. It has
    /// no correlation with any other.
    package func isConstant(_ index: Int) -> Bool {
        let vector = self[index]
        return vector.allSatisfy { $0 == vector[vector.startIndex] }
    }

    /// The vectors at `indices`, in that order.
    package func selecting(_ indices: [Int]) -> ModelVectors {
        var chosen: [UInt8] = []
        chosen.reserveCapacity(indices.count * Self.length)
        for index in indices { chosen += self[index] }
        return ModelVectors(bytes: chosen)
    }
}

extension ModelVectors {
    /// Symmetries of the square.
    package static let symmetries = 8

    /// For each of the eight symmetries: the source index of each byte of the transformed vector.
    /// Symmetry s mirrors left and right if s is 4 or more, then makes s mod 4 quarter turns
    /// counter-clockwise.
    package static let symmetrySources: [[Int]] = SquareSymmetry.all.map { symmetry in
        (0..<length).map { position in
            let (x, y) = symmetry.source(
                ofColumn: position / 3 % side, row: position / 3 / side, side: side)
            return (y * side + x) * 3 + position % 3
        }
    }

    /// For each of 0 to 3 quarter turns counter-clockwise: the source index of each byte of the
    /// turned vector.
    package static let turnSources = Array(symmetrySources.prefix(4))

    /// The vector at `index`, turned counter-clockwise by `quarterTurns` · 90 degrees, as
    /// `numpy.rot90(x, quarterTurns)` does.
    package func turned(_ index: Int, quarterTurns: Int) -> [UInt8] {
        transformed(index, by: quarterTurns & 3)
    }

    /// The vector at `index`, transformed by one of the eight symmetries.
    package func transformed(_ index: Int, by symmetry: Int) -> [UInt8] {
        let start = index * Self.length
        return Self.symmetrySources[symmetry].map { bytes[start + $0] }
    }
}
