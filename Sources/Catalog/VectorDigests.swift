package import AtlasModel
package import Fingerprint

extension ModelVectors {
    /// The digest of each vector.
    package var digests: [Fingerprint] {
        bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let start = index * Self.length
                return Fingerprint(
                    of: UnsafeRawBufferPointer(rebasing: bytes[start..<start + Self.length]))
            }
        }
    }
}
