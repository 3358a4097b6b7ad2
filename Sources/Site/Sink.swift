/// Receives the files of an atlas.
package struct Sink: Sendable {
    /// Writes a whole file, given its path relative to the root of the atlas (`/` between folders)
    /// and its bytes. May be called from several threads at once.
    package let write: @Sendable (_ path: String, _ bytes: [UInt8]) throws -> Void

    package init(write: @escaping @Sendable (_ path: String, _ bytes: [UInt8]) throws -> Void) {
        self.write = write
    }
}

/// Gives the pictures of an edition. May be called from several threads at once.
package struct PictureSource: Sendable {
    /// Model vector of the picture at an index of the edition: `(28, 28, 3) uint8`, row-major.
    package let vector: @Sendable (_ index: Int) -> [UInt8]
    /// The stored file of that picture, JPEG or PNG.
    package let file: @Sendable (_ index: Int) throws -> [UInt8]

    package init(
        vector: @escaping @Sendable (_ index: Int) -> [UInt8],
        file: @escaping @Sendable (_ index: Int) throws -> [UInt8]
    ) {
        self.vector = vector
        self.file = file
    }
}
