/// One usable picture of a collection.
package struct ImageRecord: Sendable, Hashable {
    /// `label/stem`, unique in the collection, e.g. `andesite/012L6`; `unlabelled/stem` without a label.
    package let key: String
    /// Index into the collection's rock types, `nil` for an unlabelled picture.
    package let label: Int?
    /// Path inside the archive or folder.
    package let path: String
    /// Size in pixels as the picture is displayed, after the EXIF orientation is applied.
    package let width: Int
    package let height: Int
    /// Size of the file in bytes.
    package let byteCount: Int
    package let format: PictureFormat
    package let split: Split
    /// Hexadecimal digest of the smallest of the eight turned and mirrored forms of the model
    /// vector. It is equal for pictures that are equal up to a turn or a mirror.
    package let digest: String

    package init(
        key: String, label: Int?, path: String, width: Int, height: Int, byteCount: Int,
        format: PictureFormat, split: Split, digest: String
    ) {
        self.key = key
        self.label = label
        self.path = path
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.format = format
        self.split = split
        self.digest = digest
    }

    /// The same picture in a set of the split.
    package func assigned(to split: Split) -> ImageRecord {
        ImageRecord(
            key: key, label: label, path: path, width: width, height: height,
            byteCount: byteCount, format: format, split: split, digest: digest)
    }

    /// The part of the key after the slash.
    package var stem: String {
        guard let slash = key.firstIndex(of: "/") else { return key }
        return String(key[key.index(after: slash)...])
    }
}

extension String {
    /// The label in a key: the part before the slash.
    ///
    ///     "White marble/K12".labelOfKey  // "White marble"
    package var labelOfKey: String { String(prefix { $0 != "/" }) }
}
