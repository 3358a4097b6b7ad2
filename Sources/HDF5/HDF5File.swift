import AtlasModel
internal import CHDF5
import Files
import Foundation

/// Reading and writing whole HDF5 files.
package enum HDF5File {
    /// Opens a file, calls `body` with it, and closes it.
    ///
    ///     let k = try HDF5File.read("k.h5") { try $0.shape("centroids")[0] }
    ///
    /// Only one thread at a time reads or writes HDF5 files; `body` must not open another one.
    /// - Throws: `HDF5Error.missing`, `.unreadable`, `.notHDF5`, or any error of `body`.
    package static func read<Result>(
        _ path: String, _ body: (borrowing HDF5Reader) throws -> Result
    ) throws -> Result {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw HDF5Error.missing(path: path) }
            throw HDF5Error.unreadable(path: path, reason: systemReason(errno))
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw HDF5Error.unreadable(path: path, reason: systemReason(EISDIR))
        }
        // The library would wait for the writer of a named pipe.
        guard status.st_mode & S_IFMT == S_IFREG else { throw HDF5Error.notHDF5(path: path) }
        // The library does not say why it cannot open a file.
        do {
            _ = try RandomAccessFile(path)
        } catch {
            throw HDF5Error.unreadable(path: path, reason: error.reason)
        }
        return try inLibrary {
            guard H5Fis_hdf5(path) > 0 else {
                throw isPointer(path) ? HDF5Error.pointer(path: path) : .notHDF5(path: path)
            }
            let id = H5Fopen(path, geoatlas_H5F_ACC_RDONLY(), 0)
            guard id >= 0 else { throw HDF5Error.notHDF5(path: path) }
            let file = try Handle(id, path: path, call: "H5Fopen", close: H5Fclose)
            return try body(HDF5Reader(path: path, file: file))
        }
    }

    /// Opens the content of a file in memory, calls `body` with it, and closes it.
    /// - Parameter path: its name in errors.
    /// - Throws: `HDF5Error.notHDF5`, or any error of `body`.
    package static func read<Result>(
        content: [UInt8], named path: String, _ body: (borrowing HDF5Reader) throws -> Result
    ) throws -> Result {
        try inLibrary {
            let access = try Handle(
                H5Pcreate(geoatlas_H5P_FILE_ACCESS()), path: path, call: "H5Pcreate",
                close: H5Pclose)
            try check(
                H5Pset_fapl_core(access.id, Self.growth, false), path: path,
                call: "H5Pset_fapl_core")
            // The library copies the content, and does not write to it, but its call does not say so.
            var content = content
            try check(
                H5Pset_file_image(access.id, &content, content.count), path: path,
                call: "H5Pset_file_image")
            content = []
            // The library refuses the name of a file that exists.
            let id = H5Fopen(path + "/content", geoatlas_H5F_ACC_RDONLY(), access.id)
            guard id >= 0 else { throw HDF5Error.notHDF5(path: path) }
            let file = try Handle(id, path: path, call: "H5Fopen", close: H5Fclose)
            return try body(HDF5Reader(path: path, file: file))
        }
    }

    /// Bytes by which a file in memory would grow, if it were written to.
    private static let growth = 1 << 16

    /// Whether Git LFS keeps the file elsewhere. False for a file that cannot be opened.
    private static func isPointer(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { file.closeFile() }
        return GitLFS.isPointer(file.readData(ofLength: GitLFS.beginningLength))
    }

    /// Writes a file under a temporary name beside `path` and then renames it, so that no half-written
    /// file ever has the name `path`. After an error the earlier file is unchanged.
    ///
    /// If there is a device or a named pipe at `path`, the content is written to it; it is not replaced.
    ///
    /// The file uses the format of HDF5 1.8, in which attributes may be larger than 64 KB. The same
    /// content gives the same bytes.
    /// - Throws: `HDF5Error.notWritten` if the folder is missing, not writable or full; or any error of
    ///   `body`.
    package static func write(_ path: String, _ body: (borrowing HDF5Writer) throws -> Void) throws
    {
        // The library seeks in a file, which a device cannot do.
        let temporary =
            switch WritePlace(path) {
            case .file(let target): target + ".part"
            case .special: NSTemporaryDirectory() + "/geoatlas-\(UUID().uuidString).part"
            }
        do {
            try inLibrary { try writeFile(temporary, named: path, body) }
            try AtomicFile.place(temporary, at: path)
        } catch let error as FileError {
            throw HDF5Error.notWritten(path: path, reason: error.reason)
        } catch {
            unlink(temporary)
            guard case HDF5Error.failed(_, _, let detail) = error else { throw error }
            throw HDF5Error.notWritten(path: path, reason: detail)
        }
    }

    /// - Parameter path: the name of the file in errors.
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
        // The root group would otherwise contain times.
        try check(
            H5Pset_obj_track_times(creation.id, false), path: path, call: "H5Pset_obj_track_times")
        let id = H5Fcreate(temporary, geoatlas_H5F_ACC_TRUNC(), creation.id, access.id)
        guard id >= 0 else {
            throw HDF5Error.notWritten(path: path, reason: String(cString: strerror(errno)))
        }
        // The file is flushed while it is open, because closing it in `deinit` cannot report a full
        // disk.
        let file = try Handle(id, path: path, call: "H5Fcreate", close: H5Fclose)
        let writer = HDF5Writer(path: path, file: file)
        try body(writer)
        try check(
            H5Fflush(writer.file.id, H5F_SCOPE_GLOBAL), path: path, call: "H5Fflush")
    }
}
