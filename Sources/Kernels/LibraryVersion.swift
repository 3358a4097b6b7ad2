internal import COneDNN

/// The version of oneDNN in use, for example `2.6.3`.
package let libraryVersion: String = {
    // The call returns a constant of the library, or NULL in a build without version numbers.
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
}()
