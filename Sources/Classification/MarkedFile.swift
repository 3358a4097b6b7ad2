import HDF5

/// HDF5 files that a root attribute, their mark, tells from networks.
enum MarkedFile {
    /// Reads a file; `nil` if it lacks the mark.
    /// - Parameter body: is called with the text of the mark.
    /// - Throws: `ClassificationError` for a file that cannot be read; `HDF5Error`; what `body` throws.
    static func read<Value>(
        _ path: String, mark: String,
        _ body: (_ text: String, _ file: borrowing HDF5Reader) throws -> Value
    ) throws -> Value? {
        guard try NetworkFormat(of: path) == .hdf5 else { return nil }
        do {
            return try HDF5File.read(path) { file in
                guard file.hasAttribute(mark) else { return nil }
                return try body(try file.stringsAttribute(mark).first ?? "", file)
            }
        } catch HDF5Error.notHDF5 {
            throw ClassificationError.foreignFile(path: path, .damagedHDF5)
        }
    }
}
