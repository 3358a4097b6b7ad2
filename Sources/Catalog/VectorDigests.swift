package import AtlasModel
package import Fingerprint

extension ModelVectors {
    /// For each vector the digest of its picture in hexadecimal (`ImageRecord.digest`), which is the same
    /// for pictures that are equal up to a turn or a mirror.
    package var symmetricDigests: [String] {
        (0..<count).map { Fingerprint(of: Symmetry.smallest(of: Array(self[$0]))).hex }
    }

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
