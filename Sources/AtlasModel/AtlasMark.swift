/// How the folder of an atlas is recognised.
package enum AtlasMark {
    /// The list of an edition's files, at the root of the atlas.
    package static let manifest = "manifest.json"
    /// The first bytes of every manifest. Other programs have files of the same name, so they are
    /// checked.
    package static let manifestBeginning = Array("{\"version\": 1, \"edition\": \"".utf8)
    /// A file at the root of the atlas while a build writes to it: the paths that the build adds,
    /// one a line.
    package static let buildJournal = ".geoatlas-building"

    /// Whether a file called `manifest.json` is one that GeoAtlas wrote.
    /// - Parameter bytes: its content, or the beginning of it.
    package static func isManifest(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: manifestBeginning)
    }
}
