internal import CHDF5

/// A number that HDF5 stores; it converts between widths when it reads.
package protocol HDF5Number: BitwiseCopyable, Sendable {
    /// The type in memory.
    static var kind: NumberKind { get }
    /// A value to fill buffers with before reading.
    static var zero: Self { get }
}

/// The types of numbers in the program's files.
package enum NumberKind: Sendable {
    case uint8, int16, int32, int64, float, double

    var type: hid_t {
        switch self {
        case .uint8: geoatlas_H5T_NATIVE_UINT8()
        case .int16: geoatlas_H5T_NATIVE_INT16()
        case .int32: geoatlas_H5T_NATIVE_INT32()
        case .int64: geoatlas_H5T_NATIVE_INT64()
        case .float: geoatlas_H5T_NATIVE_FLOAT()
        case .double: geoatlas_H5T_NATIVE_DOUBLE()
        }
    }
}

extension UInt8: HDF5Number { package static var kind: NumberKind { .uint8 } }
extension Int16: HDF5Number { package static var kind: NumberKind { .int16 } }
extension Int32: HDF5Number { package static var kind: NumberKind { .int32 } }
extension Int64: HDF5Number { package static var kind: NumberKind { .int64 } }
extension Float: HDF5Number { package static var kind: NumberKind { .float } }
extension Double: HDF5Number { package static var kind: NumberKind { .double } }
