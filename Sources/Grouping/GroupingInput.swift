package import AtlasModel

/// The pictures that are grouped, and what is known of them.
package struct GroupingInput: Sendable {
    package typealias ReadDetail = @Sendable (_ picture: Int) throws -> [UInt8]

    /// Side of the pictures that `detail` gives.
    package static let detailSide = Detail.largeSide

    let vectors: ModelVectors
    let images: [ImageRecord]
    /// For each picture the name of its specimen, empty without one.
    let specimens: [String]
    /// Reads a picture, stretched to `detailSide` along each side: `(96, 96, 3)`.
    let detail: ReadDetail

    /// - Precondition: there is a picture and a specimen for each vector.
    package init(
        _ vectors: ModelVectors, images: [ImageRecord], specimens: [String],
        detail: @escaping ReadDetail
    ) {
        precondition(
            vectors.count == images.count && vectors.count == specimens.count,
            "a picture and a specimen for each vector")
        self.vectors = vectors
        self.images = images
        self.specimens = specimens
        self.detail = detail
    }

    /// Whether a picture shows more than its model vector.
    func isLarge(_ picture: Int) -> Bool {
        min(images[picture].width, images[picture].height) >= CopyRule.largeSide
    }

    /// Whether two pictures have one shape, the second turned.
    func haveOneShape(_ a: Int, _ b: Int, turn: Int) -> Bool {
        func aspect(_ picture: Int) -> Double {
            Double(images[picture].width) / Double(images[picture].height)
        }
        let ratio = aspect(a) / (turn % 2 == 0 ? aspect(b) : 1 / aspect(b))
        return max(ratio, 1 / ratio) <= CopyRule.aspect
    }
}
