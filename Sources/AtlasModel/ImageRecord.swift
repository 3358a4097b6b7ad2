/// One usable picture of a collection.
public struct ImageRecord: Sendable, Hashable {
    /// `label/stem`, unique in the collection, e.g. `andesite/012L6`; `unlabelled/stem` without a label.
    public let key: String
    /// Index into the collection's rock types, `nil` for an unlabelled picture.
    public let label: Int?
    /// Path inside the archive or folder.
    public let path: String
    /// Size in pixels as people see it, orientation applied.
    public let width: Int
    public let height: Int
    /// Size of the file.
    public let byteCount: Int
    public let format: PictureFormat
    public let split: Split
    /// Hexadecimal digest of the smallest of the eight turned and mirrored forms of the model
    /// vector: equal for pictures that are equal up to a turn or a mirror.
    public let digest: String

    public init(
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

    /// The part of the key after the slash.
    public var stem: String {
        guard let slash = key.firstIndex(of: "/") else { return key }
        return String(key[key.index(after: slash)...])
    }
}
