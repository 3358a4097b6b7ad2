import AtlasModel
internal import CHDF5

/// Why an HDF5 file could not be read or written.
package enum HDF5Error: Error, Equatable, CustomStringConvertible {
    case missing(path: String)
    case notHDF5(path: String)
    /// A file that the system does not open, or a folder.
    case unreadable(path: String, reason: String)
    /// A file that Git LFS keeps elsewhere.
    case pointer(path: String)
    case noObject(path: String, name: String)
    case wrongShape(path: String, name: String, shape: [Int])
    case wrongKind(path: String, name: String, expected: String)
    case notWritten(path: String, reason: String)
    case failed(path: String, call: String, detail: String)

    package var description: String {
        switch self {
        case .missing(let path): "\(path) does not exist. Check the path."
        case .notHDF5(let path):
            "\(path) is not an HDF5 file, or is damaged. Copy it again, or create it again."
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason). Check its permissions and those of the folders above it, or name "
                + "another file."
        case .pointer(let path): "\(path): \(GitLFS.statement). \(GitLFS.advice)"
        case .noObject(let path, let name):
            "\(path) has no \"\(name)\". Check that it is the right kind of file."
        case .wrongShape(let path, let name, let shape):
            "\(path): \"\(name)\" has the shape \(shape), which is not the expected one. Create the file again."
        case .wrongKind(let path, let name, let expected):
            "\(path): \"\(name)\" does not contain \(expected). Check that it is the right kind of file."
        case .notWritten(let path, let reason):
            "\(path) could not be written: \(reason). Check that the folder exists, may be written to and has room."
        case .failed(let path, let call, let detail):
            "\(path): HDF5 reports \"\(detail)\" (\(call)). The file is damaged, or in a format that is newer than "
                + "HDF5 \(libraryVersion()): create it again, in h5py without libver=\"latest\"."
        }
    }
}

/// The version of the library, `1.10.8`.
private func libraryVersion() -> String {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
}

/// The deepest message on HDF5's error stack; if it quotes an error of the system, that error.
func deepestMessage() -> String {
    var text = [CChar](repeating: 0, count: geoatlas_H5E_length)
    geoatlas_H5E_deepest(&text)
    let whole = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let quote = whole.firstRange(of: "error message = '") else { return whole }
    return String(whole[quote.upperBound...].prefix { $0 != "'" })
}
