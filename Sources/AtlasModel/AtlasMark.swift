/// What tells the folder of an atlas from any other.
public enum AtlasMark {
    /// The list of an edition's files, at the root of the atlas.
    public static let manifest = "manifest.json"
    /// Every manifest begins so; other programs have files of the same name.
    public static let manifestBeginning = Array("{\"version\": 1, \"edition\": \"".utf8)
    /// At the root of the atlas while a build writes to it: the paths it adds, one a line.
    public static let buildJournal = ".geoatlas-building"

    /// Whether a file called `manifest.json` is one that GeoAtlas wrote.
    /// - Parameter bytes: its content, or the beginning of it.
    public static func isManifest(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: manifestBeginning)
    }
}
