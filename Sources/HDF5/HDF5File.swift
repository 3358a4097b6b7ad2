internal import CHDF5
import Foundation

/// Reading and writing whole HDF5 files.
public enum HDF5File {
    /// Opens `path` and gives it to `body`.
    /// - Throws: `HDF5Error.missing`, `.notHDF5`, or what `body` throws.
    public static func read<Result>(
        _ path: String, _ body: (borrowing HDF5Reader) throws -> Result
    ) throws -> Result {
        var status = stat()
        guard stat(path, &status) == 0 else { throw HDF5Error.missing(path: path) }
        // A named pipe would keep the library waiting for its writer.
        guard status.st_mode & S_IFMT == S_IFREG else { throw HDF5Error.notHDF5(path: path) }
        return try inLibrary {
            guard H5Fis_hdf5(path) > 0 else { throw HDF5Error.notHDF5(path: path) }
            let id = H5Fopen(path, geoatlas_H5F_ACC_RDONLY(), 0)
            guard id >= 0 else { throw HDF5Error.notHDF5(path: path) }
            let file = try Handle(id, path: path, call: "H5Fopen", close: H5Fclose)
            return try body(HDF5Reader(path: path, file: file))
        }
    }

    /// Writes `path` by way of a temporary name beside it, so that a half-written file never stands
    /// under the real one.
    ///
    /// Attributes may be larger than 64 KB: the file uses the format of HDF5 1.8.
    /// - Throws: `HDF5Error.notWritten` when the folder is missing, closed or full; or what `body` throws.
    public static func write(_ path: String, _ body: (borrowing HDF5Writer) throws -> Void) throws {
        let temporary = path + ".part"
        do {
            try inLibrary { try writeFile(temporary, named: path, body) }
            guard rename(temporary, path) == 0 else {
                throw HDF5Error.notWritten(path: path, reason: String(cString: strerror(errno)))
            }
        } catch {
            unlink(temporary)
            guard case HDF5Error.failed(_, _, let detail) = error else { throw error }
            throw HDF5Error.notWritten(path: path, reason: detail)
        }
    }

    /// - Parameter path: what errors call the file.
    private static func writeFile(
        _ temporary: String, named path: String, _ body: (borrowing HDF5Writer) throws -> Void
    ) throws {
        let access = try Handle(
            H5Pcreate(geoatlas_H5P_FILE_ACCESS()), path: path, call: "H5Pcreate", close: H5Pclose)
        try check(
            H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V18), path: path,
            call: "H5Pset_libver_bounds")
        let creation = try Handle(
            H5Pcreate(geoatlas_H5P_FILE_CREATE()), path: path, call: "H5Pcreate", close: H5Pclose)
        // The root group has times of its own.
        try check(
            H5Pset_obj_track_times(creation.id, false), path: path, call: "H5Pset_obj_track_times")
        let id = H5Fcreate(temporary, geoatlas_H5F_ACC_TRUNC(), creation.id, access.id)
        guard id >= 0 else {
            throw HDF5Error.notWritten(path: path, reason: String(cString: strerror(errno)))
        }
        // Flushed while the file is open: closing at the end of a life can not report a full disk.
        let file = try Handle(id, path: path, call: "H5Fcreate", close: H5Fclose)
        let writer = HDF5Writer(path: path, file: file)
        try body(writer)
        try check(
            H5Fflush(writer.file.id, H5F_SCOPE_GLOBAL), path: path, call: "H5Fflush")
    }
}
