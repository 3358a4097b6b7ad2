/// A rock type: the label of a folder of pictures, and the class a network predicts.
public struct RockType: Sendable, Hashable, Codable {
    /// Lower-case name, as it stands in keys and paths: `andesite`.
    public let label: String
    /// Colours of its patches where the firm gives its own.
    public let colour: Colour?

    public init(label: String, colour: Colour? = nil) {
        self.label = label
        self.colour = colour
    }

    /// CSS colours (`#rrggbb`) on light and on dark paper.
    public struct Colour: Sendable, Hashable, Codable {
        public let light: String
        public let dark: String

        public init(light: String, dark: String) {
            self.light = light
            self.dark = dark
        }
    }

    /// As it stands in a heading: `Andesite`.
    public var title: String { label.prefix(1).uppercased() + label.dropFirst() }

    /// The six types of the reference collection, in alphabetical order, which is the order of classes.
    public static let reference = [
        "andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist",
    ].map { RockType(label: $0) }
}

/// What a picture is used for when a network learns.
public enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    case train, dev, test
}

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
