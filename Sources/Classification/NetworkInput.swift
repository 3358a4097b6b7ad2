package import AtlasModel

/// A picture in a size from which networks take crops.
package struct LargerPicture: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// RGB, row by row.
    package let bytes: [UInt8]

    /// - Precondition: three bytes for each pixel, and at least one pixel.
    package init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(width > 0 && height > 0 && bytes.count == 3 * width * height)
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}

/// What networks see of pictures: their model vectors, or larger pictures of which they see crops.
package enum NetworkInput: Sendable {
    case vectors(ModelVectors)
    case larger([LargerPicture])

    package var count: Int {
        switch self {
        case .vectors(let vectors): vectors.count
        case .larger(let pictures): pictures.count
        }
    }

    /// The pictures at some indices, in that order.
    func selecting(_ indices: [Int]) -> NetworkInput {
        switch self {
        case .vectors(let vectors): .vectors(vectors.selecting(indices))
        case .larger(let pictures): .larger(indices.map { pictures[$0] })
        }
    }

    /// Writes a view of picture `index`, `(side, side, 3)`, to place `place` of a batch.
    func write(
        _ index: Int, _ view: PictureView, side: Int,
        to target: UnsafeMutableBufferPointer<Float>, at place: Int
    ) {
        switch (self, view) {
        case (.vectors(let vectors), .whole(let augmentation)):
            augmentation.write(vectors, index, to: target, at: place)
        case (.larger(let pictures), .crop(let crop)):
            let length = 3 * side * side
            crop.write(
                pictures[index], side: side,
                to: .init(rebasing: target[place * length..<(place + 1) * length]))
        case (.vectors, .crop), (.larger, .whole):
            preconditionFailure("Model vectors are seen whole, larger pictures in crops.")
        }
    }
}

/// How a network sees a picture once.
enum PictureView: Sendable, Equatable {
    /// The whole model vector.
    case whole(Augmentation)
    case crop(Crop)
}

extension Architecture {
    /// The sides of pictures, in pixels, that networks can take: that of model vectors, which are whole
    /// pictures, and those of crops.
    package static let inputSides = [ModelVectors.side, 56, 112, 224]

    /// Whether it sees crops of larger pictures; else model vectors.
    package var seesCrops: Bool { side != ModelVectors.side }

    /// The shorter side in pixels of the pictures from which crops of a size are taken: the crops of a
    /// training are half to all of such a picture.
    package static func shorterSide(forCrops side: Int) -> Int { min(256, side * 10 / 7) }
}
