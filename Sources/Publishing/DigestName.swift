/// Names that carry a digest of the file's content.
enum DigestName {
    /// Folders in which, and in whose folders, a build gives all files such names.
    private static let folders: Set<Substring> = ["assets", "data", "sprites", "texts", "tiles"]
    /// Number of hexadecimal digits (`Fingerprint.short`).
    private static let digits = 10

    /// Whether the file at this path can never get another content, because its name would change
    /// with it.
    ///
    ///     DigestName.isIn("sprites/gneiss/1.3f2a91bc01.jpg")  // true
    ///     DigestName.isIn("gneiss/0a/boulder.2024060112.jpg") // false: named by a user
    ///
    /// - Parameter path: inside the atlas, without a slash at its beginning.
    static func isIn(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1, folders.contains(parts[0]) else { return false }
        let names = parts[parts.count - 1].split(separator: ".", omittingEmptySubsequences: false)
        guard names.count >= 3 else { return false }
        let digest = names[names.count - 2].utf8
        return digest.count == digits
            && digest.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
