internal import CHDF5
package import Parallel

/// An HDF5 file that is open for writing; it exists only inside `HDF5File.write`.
///
/// Names may be paths such as `elbow/k`; missing groups are created. The file contains no times, so the
/// same content gives the same bytes. All methods throw `HDF5Error.failed`, for example if a name
/// exists already.
package struct HDF5Writer: ~Copyable {
    let path: String
    let file: Handle

    /// Creates an empty group and the groups that contain it.
    package func group(_ name: String) throws(HDF5Error) {
        try makeGroups(onTheWayTo: name)
        try makeGroup(name)
    }

    private func makeGroup(_ name: String) throws(HDF5Error) {
        let creation = try Handle(
            H5Pcreate(geoatlas_H5P_GROUP_CREATE()), path: path, call: "H5Pcreate", close: H5Pclose)
        try check(
            H5Pset_obj_track_times(creation.id, false), path: path, call: "H5Pset_obj_track_times")
        _ = try Handle(
            H5Gcreate2(file.id, name, 0, creation.id, 0), path: path,
            call: "H5Gcreate \(name)", close: H5Gclose)
    }

    /// Writes numbers as a data set.
    /// - Parameters:
    ///   - values: row-major; as many as the product of `shape`.
    package func numbers<Number: HDF5Number>(
        _ name: String, _ values: [Number], shape: [Int]
    ) throws(HDF5Error) {
        precondition(values.count == shape.reduce(1, *), "the shape holds all values")
        let type = Number.kind.type
        let set = try create(name, type: type, shape: shape, chunk: nil)
        guard !values.isEmpty else { return }
        try check(H5Dwrite(set.id, type, 0, 0, 0, values), path: path, call: "H5Dwrite \(name)")
    }

    /// Writes numbers as a data set that is compressed (gzip, level 1) in chunks of some rows. Other threads may use
    /// the library in the meantime.
    /// - Parameters:
    ///   - rows: number of rows of a chunk, at most; a row is one index of the first dimension.
    ///   - values: gives the numbers of some rows, row-major. May be called by several threads at once.
    package func compressedNumbers<Number: HDF5Number>(
        _ name: String, shape: [Int], rows: Int, workers: Workers,
        values: @escaping @Sendable (_ rows: Range<Int>) -> [Number]
    ) throws {
        guard !shape.contains(0) else { return try numbers(name, [Number](), shape: shape) }
        let chunks = CompressedChunks(
            shape: shape, rows: min(rows, shape[0]), workers: workers, values: values)
        let set = try create(
            name, type: Number.kind.type, shape: shape, chunk: [chunks.rows] + shape.dropFirst())
        try chunks.inOrder { firstRow, bytes in
            let offset = [hsize_t(firstRow)] + shape.dropFirst().map { _ in 0 }
            try check(
                H5Dwrite_chunk(set.id, 0, 0, offset, bytes.count, bytes), path: path,
                call: "H5Dwrite_chunk \(name)")
        }
    }

    /// Writes strings as a data set of fixed-length UTF-8, padded with zeros.
    package func strings(_ name: String, _ values: [String]) throws(HDF5Error) {
        let text = try fixedLength(values)
        let set = try create(name, type: text.type.id, shape: [values.count], chunk: nil)
        guard !values.isEmpty else { return }
        try check(
            H5Dwrite(set.id, text.type.id, 0, 0, 0, text.bytes), path: path,
            call: "H5Dwrite \(name)")
    }

    /// Writes one string as an attribute.
    package func attribute(_ name: String, of object: String = "/", _ value: String)
        throws(HDF5Error)
    {
        let text = try fixedLength([value])
        let space = try Handle(
            H5Screate(H5S_SCALAR), path: path, call: "H5Screate", close: H5Sclose)
        try writeAttribute(name, of: object, type: text.type.id, space: space.id, text.bytes)
    }

    /// Writes a list of strings as an attribute of fixed-length UTF-8.
    package func attribute(_ name: String, of object: String = "/", _ values: [String])
        throws(HDF5Error)
    {
        let text = try fixedLength(values)
        let space = try simpleSpace([values.count])
        try writeAttribute(name, of: object, type: text.type.id, space: space.id, text.bytes)
    }

    /// Writes one number as an attribute.
    package func attribute<Number: HDF5Number>(
        _ name: String, of object: String = "/", _ value: Number
    ) throws(HDF5Error) {
        let space = try Handle(
            H5Screate(H5S_SCALAR), path: path, call: "H5Screate", close: H5Sclose)
        try writeAttribute(name, of: object, type: Number.kind.type, space: space.id, [value])
    }

    private func writeAttribute<Element: BitwiseCopyable>(
        _ name: String, of object: String, type: hid_t, space: hid_t, _ values: [Element]
    ) throws(HDF5Error) {
        let attribute = try Handle(
            H5Acreate_by_name(file.id, object, name, type, space, 0, 0, 0), path: path,
            call: "H5Acreate \(name)", close: H5Aclose)
        try check(H5Awrite(attribute.id, type, values), path: path, call: "H5Awrite \(name)")
    }

    private func create(_ name: String, type: hid_t, shape: [Int], chunk: [Int]?)
        throws(HDF5Error) -> Handle
    {
        try makeGroups(onTheWayTo: name)
        let creation = try Handle(
            H5Pcreate(geoatlas_H5P_DATASET_CREATE()), path: path, call: "H5Pcreate", close: H5Pclose
        )
        try check(
            H5Pset_obj_track_times(creation.id, false), path: path, call: "H5Pset_obj_track_times")
        if let chunk {
            try check(
                H5Pset_chunk(creation.id, Int32(chunk.count), chunk.map { hsize_t($0) }),
                path: path, call: "H5Pset_chunk")
            try check(
                H5Pset_deflate(creation.id, UInt32(CompressedChunks<UInt8>.level)), path: path,
                call: "H5Pset_deflate")
        }
        let space = try simpleSpace(shape)
        return try Handle(
            H5Dcreate2(file.id, name, type, space.id, 0, creation.id, 0), path: path,
            call: "H5Dcreate \(name)", close: H5Dclose)
    }

    private func simpleSpace(_ shape: [Int]) throws(HDF5Error) -> Handle {
        try Handle(
            H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), path: path,
            call: "H5Screate_simple", close: H5Sclose)
    }

    /// Creates the groups of a path. HDF5 could do so itself, but would store times in them.
    private func makeGroups(onTheWayTo name: String) throws(HDF5Error) {
        var walked = ""
        for part in name.split(separator: "/").dropLast() {
            walked += "/" + part
            if H5Lexists(file.id, walked, 0) <= 0 { try makeGroup(walked) }
        }
    }

    /// The strings in one buffer, padded to the length of the longest, and their type.
    private func fixedLength(_ values: [String]) throws(HDF5Error) -> FixedLengthText {
        let size = max(1, values.map(\.utf8.count).max() ?? 1)
        let type = try Handle(
            H5Tcopy(geoatlas_H5T_C_S1()), path: path, call: "H5Tcopy", close: H5Tclose)
        try check(H5Tset_size(type.id, size), path: path, call: "H5Tset_size")
        try check(H5Tset_strpad(type.id, H5T_STR_NULLPAD), path: path, call: "H5Tset_strpad")
        try check(H5Tset_cset(type.id, H5T_CSET_UTF8), path: path, call: "H5Tset_cset")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size * values.count)
        for value in values {
            bytes += value.utf8
            bytes += repeatElement(0, count: size - value.utf8.count)
        }
        return FixedLengthText(type: type, bytes: bytes)
    }
}

/// Strings in a buffer of fields of equal length, and the type of a field.
private struct FixedLengthText: ~Copyable {
    let type: Handle
    let bytes: [UInt8]
}
