internal import CZip
import Files
import Foundation

/// Writes a zip archive whose bytes depend only on its files.
enum ZipWriter {
    /// Stores `files` without compression, because pictures are already compressed.
    /// - Throws: `CatalogError.notWritten`.
    static func write(_ path: String, files: [(name: String, bytes: [UInt8])]) throws {
        var code: Int32 = 0
        guard let zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else {
            throw CatalogError.notWritten(path: path, reason: systemReason(errno))
        }
        for file in files {
            // libzip owns the copy and frees it.
            let copy = malloc(max(1, file.bytes.count))
            file.bytes.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress {
                    copy?.copyMemory(from: base, byteCount: bytes.count)
                }
            }
            let source = zip_source_buffer(zip, copy, UInt64(file.bytes.count), 1)
            let index = zip_file_add(zip, file.name, source, ZIP_FL_ENC_UTF_8)
            guard index >= 0 else { throw failure(zip, path) }
            zip_set_file_compression(zip, UInt64(index), ZIP_CM_STORE, 0)
            // A fixed time, the earliest day that zip supports, so that the archive is always the
            // same.
            zip_file_set_dostime(zip, UInt64(index), 0, 33, 0)
        }
        guard zip_close(zip) == 0 else { throw failure(zip, path) }
    }

    private static func failure(_ zip: OpaquePointer, _ path: String) -> CatalogError {
        let reason = String(cString: zip_error_strerror(zip_get_error(zip)))
        zip_discard(zip)
        return .notWritten(path: path, reason: reason)
    }
}
