internal import COneDNN

/// The version of oneDNN that runs, `2.6.3`.
public let libraryVersion: String = {
    // The library answers with a constant of its own, or nothing in a build without one.
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
}()
