internal import CHDF5

/// An HDF5 file that is open for reading; it exists only inside `HDF5File.read`.
package struct HDF5Reader: ~Copyable {
    let path: String
    let file: Handle

    /// Whether the file has a group or data set with a name, which may be a path such as `elbow/k`.
    package func contains(_ name: String) -> Bool {
        var walked = ""
        for part in name.split(separator: "/") {
            walked += "/" + part
            guard H5Lexists(file.id, walked, 0) > 0 else { return false }
        }
        return true
    }

    /// The shape of a data set: `[3, 2352]` for 3 rows of 2352 values, empty for a scalar.
    /// - Throws: `HDF5Error.noObject`.
    package func shape(_ name: String) throws(HDF5Error) -> [Int] {
        let set = try dataset(name)
        return try shape(ofSpace: H5Dget_space(set.id))
    }

    /// All values of a data set, row-major and converted to `Number`, and its shape.
    ///
    /// HDF5 converts between widths: the bytes 1 and 255 read as `Int64` are 1 and 255.
    /// - Throws: `HDF5Error.noObject`, `.wrongKind` for a data set of text, `.wrongShape` for more than
    ///   2³² values.
    package func numbers<Number: HDF5Number>(_ name: String, as: Number.Type = Number.self)
        throws(HDF5Error) -> (values: [Number], shape: [Int])
    {
        let set = try dataset(name)
        let shape = try shape(ofSpace: H5Dget_space(set.id))
        let type = try Handle(H5Dget_type(set.id), path: path, call: "H5Dget_type", close: H5Tclose)
        guard H5Tget_class(type.id) == H5T_INTEGER || H5Tget_class(type.id) == H5T_FLOAT else {
            throw .wrongKind(path: path, name: name, expected: "numbers")
        }
        let count = try count(of: shape, name)
        var status: herr_t = 0
        let values = [Number](unsafeUninitializedCapacity: count) { values, filled in
            guard count > 0 else { return }
            status = H5Dread(set.id, Number.kind.type, 0, 0, 0, values.baseAddress)
            filled = status < 0 ? 0 : count
        }
        try check(status, path: path, call: "H5Dread \(name)")
        return (values, shape)
    }

    /// All strings of a data set, of fixed or variable length.
    /// - Throws: `HDF5Error.noObject`, `.wrongKind` for a data set of numbers.
    package func strings(_ name: String) throws(HDF5Error) -> [String] {
        let set = try dataset(name)
        let type = try Handle(H5Dget_type(set.id), path: path, call: "H5Dget_type", close: H5Tclose)
        let count = try count(of: shape(ofSpace: H5Dget_space(set.id)), name)
        return try strings(named: name, type: type, count: count) { memory, buffer in
            H5Dread(set.id, memory, 0, 0, 0, buffer)
        }
    }

    /// Whether an object, by default the root group, has an attribute with a name.
    package func hasAttribute(_ name: String, of object: String = "/") -> Bool {
        H5Aexists_by_name(file.id, object, name, 0) > 0
    }

    /// The strings of an attribute; one string for a scalar.
    /// - Throws: `HDF5Error.noObject`, `.wrongKind`.
    package func stringsAttribute(_ name: String, of object: String = "/") throws(HDF5Error)
        -> [String]
    {
        guard hasAttribute(name, of: object) else {
            throw .noObject(path: path, name: "\(object)@\(name)")
        }
        let attribute = try Handle(
            H5Aopen_by_name(file.id, object, name, 0, 0), path: path, call: "H5Aopen \(name)",
            close: H5Aclose)
        let type = try Handle(
            H5Aget_type(attribute.id), path: path, call: "H5Aget_type", close: H5Tclose)
        let count = try count(of: shape(ofSpace: H5Aget_space(attribute.id)), name)
        return try strings(named: name, type: type, count: count) { memory, buffer in
            H5Aread(attribute.id, memory, buffer)
        }
    }

    /// The numbers of an attribute, converted to `Number`; one number for a scalar.
    /// - Throws: `HDF5Error.noObject`; `.failed` for an attribute of text.
    package func numbersAttribute<Number: HDF5Number>(
        _ name: String, of object: String = "/", as: Number.Type = Number.self
    ) throws(HDF5Error) -> [Number] {
        guard hasAttribute(name, of: object) else {
            throw .noObject(path: path, name: "\(object)@\(name)")
        }
        let attribute = try Handle(
            H5Aopen_by_name(file.id, object, name, 0, 0), path: path, call: "H5Aopen \(name)",
            close: H5Aclose)
        let count = try count(of: shape(ofSpace: H5Aget_space(attribute.id)), name)
        var values = [Number](repeating: .zero, count: count)
        try check(
            H5Aread(attribute.id, Number.kind.type, &values), path: path, call: "H5Aread \(name)")
        return values
    }

    private func dataset(_ name: String) throws(HDF5Error) -> Handle {
        guard contains(name) else { throw .noObject(path: path, name: name) }
        return try Handle(
            H5Dopen2(file.id, name, 0), path: path, call: "H5Dopen \(name)", close: H5Dclose)
    }

    private func shape(ofSpace id: hid_t) throws(HDF5Error) -> [Int] {
        let space = try Handle(id, path: path, call: "H5Sget_space", close: H5Sclose)
        let rank = H5Sget_simple_extent_ndims(space.id)
        try check(rank, path: path, call: "H5Sget_simple_extent_ndims")
        var sides = [hsize_t](repeating: 0, count: Int(rank))
        H5Sget_simple_extent_dims(space.id, &sides, nil)
        return sides.map(Int.init)
    }

    /// The largest number of values in a data set; a file that claims more is damaged.
    private static let most = 1 << 32

    private func count(of shape: [Int], _ name: String) throws(HDF5Error) -> Int {
        var count = 1
        for side in shape {
            let product = count.multipliedReportingOverflow(by: side)
            guard !product.overflow, product.partialValue <= Self.most else {
                throw .wrongShape(path: path, name: name, shape: shape)
            }
            count = product.partialValue
        }
        return count
    }

    /// Reads `count` strings of `type`.
    /// - Parameter read: copies them to a buffer, given the type in memory.
    private func strings(
        named name: String, type: borrowing Handle, count: Int,
        read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws(HDF5Error) -> [String] {
        guard H5Tget_class(type.id) == H5T_STRING else {
            throw .wrongKind(path: path, name: name, expected: "text")
        }
        if H5Tis_variable_str(type.id) > 0 {
            var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
            let status = pointers.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { read(type.id, $0) } ?? 0
            }
            try check(status, path: path, call: "read \(name)")
            defer { for pointer in pointers { H5free_memory(pointer) } }
            return pointers.map { $0.map { String(cString: $0) } ?? "" }
        }
        let size = H5Tget_size(type.id)
        var bytes = [UInt8](repeating: 0, count: max(1, size * count))
        try check(
            bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { read(type.id, $0) } ?? -1
            }, path: path, call: "read \(name)")
        return (0..<count).map { index in
            let field = bytes[index * size..<(index + 1) * size]
            return String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
