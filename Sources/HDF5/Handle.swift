internal import CHDF5
import Synchronization

/// A plain build of HDF5 may not be entered from two threads (Debian's sees to that itself): every
/// file is read or written under this lock.
let libraryLock = Mutex<Bool>(false)

/// Runs `body` alone in the library, with its printing of errors switched off.
func inLibrary<Result>(_ body: () throws -> Result) rethrows -> Result {
    try libraryLock.withLock { prepared in
        if !prepared {
            // At exit the library would close once more what a full disk kept it from closing, and
            // crash. Nothing else is left to it: every file is closed as soon as it is done with.
            H5dont_atexit()
            H5open()
            prepared = true
        }
        // Each thread has its own stack of errors, and prints it until told not to.
        geoatlas_H5E_silence()
        return try body()
    }
}

/// Open objects of the whole process, for the tests that look for leaks.
public func openHDF5Handles() -> Int {
    inLibrary {
        Int(H5Fget_obj_count(hid_t(geoatlas_H5F_OBJ_EVERYWHERE()), geoatlas_H5F_OBJ_ALL()))
    }
}

/// One id of the library, closed at the end of its life.
struct Handle: ~Copyable {
    let id: hid_t
    private let close: (hid_t) -> herr_t

    /// - Throws: `HDF5Error.failed` naming `call` when the library gave no id.
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

/// Throws what a negative status of `call` means.
func check(_ status: some SignedInteger, path: String, call: String) throws(HDF5Error) {
    if status < 0 { throw .failed(path: path, call: call, detail: deepestMessage()) }
}
