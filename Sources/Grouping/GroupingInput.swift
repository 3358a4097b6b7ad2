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
    /// For each picture what tells it from any other file, empty if that is not known.
    let identities: [String]
    /// What somebody has decided about pairs.
    let verdicts: [DuplicateVerdict]
    /// Reads a picture, stretched to `detailSide` along each side: `(96, 96, 3)`.
    let detail: ReadDetail

    /// - Parameter identities: `nil` when no earlier search is updated.
    /// - Precondition: there is a picture and a specimen for each vector.
    package init(
        _ vectors: ModelVectors, images: [ImageRecord], specimens: [String],
        identities: [String]? = nil, verdicts: [DuplicateVerdict] = [],
        detail: @escaping ReadDetail
    ) {
        precondition(
            vectors.count == images.count && vectors.count == specimens.count,
            "a picture and a specimen for each vector")
        self.identities = identities ?? images.map { _ in "" }
        self.vectors = vectors
        self.images = images
        self.specimens = specimens
        self.verdicts = verdicts
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
