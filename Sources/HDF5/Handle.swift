internal import CHDF5
import Foundation

/// Held while a file is read or written, because a plain build of HDF5 must not be used from two
/// threads at once (the build of Debian has its own lock).
private let libraryLock = NSLock()

/// Made once, by the first thread that holds the lock.
private let preparation: Void = {
    // At exit the library would try again to close files that it could not close on a full
    // disk, and crash. It has nothing else to do then, because every file is closed after use.
    H5dont_atexit()
    H5open()
}()

/// Runs `body` as the only user of the library, with the library's printing of errors switched off.
func inLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
    libraryLock.lock()
    defer { libraryLock.unlock() }
    preparation
    // Each thread has its own error stack and its own setting for printing it.
    geoatlas_H5E_silence()
    return try body()
}

/// Lets other threads use the library during a longer step of `inLibrary` that does not use it.
func outsideLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
    libraryLock.unlock()
    defer { libraryLock.lock() }
    return try body()
}

/// Number of open HDF5 objects in the process, for tests that look for leaks: 0 if none is open.
package func openHDF5Handles() -> Int {
    inLibrary {
        Int(H5Fget_obj_count(hid_t(geoatlas_H5F_OBJ_EVERYWHERE()), geoatlas_H5F_OBJ_ALL()))
    }
}

/// An id of the library, which is closed when the value is destroyed.
struct Handle: ~Copyable {
    let id: hid_t
    private let close: (hid_t) -> herr_t

    /// - Parameter call: name of the call that returned the id, for errors.
    /// - Throws: `HDF5Error.failed` if the id is negative.
    init(
        _ id: hid_t, path: String, call: String, close: @escaping (hid_t) -> herr_t
    ) throws(HDF5Error) {
        guard id >= 0 else {
            throw .failed(path: path, call: call, detail: deepestMessage())
        }
        self.id = id
        self.close = close
    }

    deinit { _ = close(id) }
}

/// Throws `HDF5Error.failed` if the status of `call` is negative.
func check(_ status: some SignedInteger, path: String, call: String) throws(HDF5Error) {
    if status < 0 { throw .failed(path: path, call: call, detail: deepestMessage()) }
}
