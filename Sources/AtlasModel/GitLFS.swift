/// Git LFS keeps large files outside a repository. A copy that was made without it holds a small text
/// in the place of each file.
package enum GitLFS {
    /// The first bytes of every such text (Git LFS specification, "The Pointer").
    private static let beginning = Array("version https://git-lfs.github.com/spec/".utf8)

    /// Number of bytes that are enough for `isPointer`.
    package static let beginningLength = beginning.count

    /// Whether a file that begins with `bytes` stands in the place of another.
    package static func isPointer(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.starts(with: beginning)
    }

    /// What to say of such a file, without a full stop.
    package static let statement = "This is a pointer of Git LFS, not the file itself"
    package static let advice = "Run \"git lfs pull\" in the repository, or copy the file itself."
}
