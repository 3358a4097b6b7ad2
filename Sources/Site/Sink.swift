package import Fingerprint
package import Raster

/// Receives the files of an atlas. Its functions may be called from several threads at once.
///
/// Paths are relative to the root of the atlas, with `/` between folders. The source of a file is a
/// digest of everything that it is made from, so that a file whose source is the same need not be
/// made.
package struct Sink: Sendable {
    private let writing: @Sendable (String, [UInt8], Fingerprint?) throws -> Void
    private let keeping: @Sendable (String, Fingerprint) throws -> Bool
    private let reading: @Sendable (String) -> [UInt8]?

    /// - Parameters:
    ///   - keep: whether the last edition has the file, from the same source and unchanged since; if
    ///     so, the file becomes part of this edition.
    ///   - read: the content of a file that was kept; `nil` if it cannot be read.
    ///   - write: writes a whole file; its source is `nil` if it is not known.
    package init(
        keep: @escaping @Sendable (_ path: String, _ source: Fingerprint) throws -> Bool = {
            _, _ in false
        },
        read: @escaping @Sendable (_ path: String) -> [UInt8]? = { _ in nil },
        write:
            @escaping @Sendable (_ path: String, _ bytes: [UInt8], _ source: Fingerprint?) throws
            -> Void
    ) {
        keeping = keep
        reading = read
        writing = write
    }

    /// Whether the last edition has a file from this source. If so, the file becomes part of this edition.
    func keeps(_ path: String, from source: Fingerprint) throws -> Bool {
        try keeping(path, source)
    }

    /// The content of a file of this edition that was kept from the last one; `nil` if it cannot be read.
    func kept(_ path: String) -> [UInt8]? { reading(path) }

    /// Writes a whole file.
    /// - Parameter source: what it was made from; `nil` if that is not known.
    package func write(_ path: String, _ bytes: [UInt8], from source: Fingerprint? = nil) throws {
        try writing(path, bytes, source)
    }

    /// Writes a file unless the last edition has it from the same source.
    /// - Parameters:
    ///   - source: what it is made from; `nil` to make it in any case.
    ///   - make: makes its bytes.
    package func write(_ path: String, from source: Fingerprint?, _ make: () throws -> [UInt8])
        throws
    {
        if let source, try keeping(path, source) { return }
        try writing(path, try make(), source)
    }
}

/// Gives the pictures of an edition. May be called from several threads at once.
package struct PictureSource: Sendable {
    /// Model vector of the picture at an index of the edition: `(28, 28, 3) uint8`, row-major.
    package let vector: @Sendable (_ index: Int) -> [UInt8]
    /// The stored file of that picture.
    package let file: @Sendable (_ index: Int) throws -> [UInt8]
    /// A digest that changes with the stored file; `nil` if it is not known.
    package let version: @Sendable (_ index: Int) -> Fingerprint?
    package let copies: PictureCopies
    /// Shared by all threads.
    package let memory: DecodingMemory

    package init(
        vector: @escaping @Sendable (_ index: Int) -> [UInt8],
        file: @escaping @Sendable (_ index: Int) throws -> [UInt8],
        version: @escaping @Sendable (_ index: Int) -> Fingerprint? = { _ in nil },
        copies: PictureCopies = PictureCopies(), memory: DecodingMemory = DecodingMemory()
    ) {
        self.vector = vector
        self.file = file
        self.version = version
        self.copies = copies
        self.memory = memory
    }
}
