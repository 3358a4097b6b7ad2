import AtlasModel
import Catalog
import Fingerprint
import HDF5
import Messages
import Parallel
import Raster
import Statistics

/// The measures of all pictures with the versions of their files.
struct MeasuredPictures {
    /// Digests; empty for a file whose version is not known.
    let versions: [String]
    let measures: [PictureMeasures]
}

extension BuildContext {
    /// Measures all pictures, as the stage `checks`, and says what is odd about each.
    mutating func checks(of loaded: LoadedCollection) throws -> PictureChecks {
        let sizes = loaded.images.map { (width: $0.width, height: $0.height) }
        func checks(_ pictures: MeasuredPictures) -> PictureChecks {
            PictureChecks(
                measures: pictures.measures,
                issues: PictureIssue.found(pictures.measures, sizes: sizes))
        }
        return checks(
            try run(.checks(of: loaded, self)) {
                counted(checks($0.value).odd.count, "odd picture")
            })
    }
}

extension Stage<MeasuredPictures> {
    /// Raised when the same pictures get other measures.
    private static var revision: Int { 1 }

    /// Measures all pictures. Those that an earlier build measured are not decoded.
    fileprivate static func checks(of loaded: LoadedCollection, _ context: BuildContext) -> Stage {
        let (collection, images) = (loaded.collection, loaded.images)
        let (workers, memory) = (context.workers, context.memory)
        let versions = loaded.versions.map { $0?.hex ?? "" }
        let key = CacheKey(.checks, revision: revision, ["versions": .texts(versions)])
        return Stage(
            .checks,
            updating: CacheEntry(
                file: "checks.h5", key: key, family: key.without(["versions"]),
                read: MeasuresFile.read, write: { try MeasuresFile.write($1, $0) }),
            join: { count, part in
                let parts = try (0..<count).map(part)
                return MeasuredPictures(
                    versions: parts.flatMap(\.versions), measures: parts.flatMap(\.measures))
            },
            make: { share, earlier, _ in
                let own = share.range(of: images.count)
                let known = Dictionary(
                    zip(earlier?.versions ?? [], earlier?.measures ?? []),
                    uniquingKeysWith: { first, _ in first })
                let measures = try workers.map(own.count, chunk: 64) { place in
                    let index = own.lowerBound + place
                    let version = versions[index]
                    if !version.isEmpty, let measures = known[version] { return measures }
                    let image = images[index]
                    return try memory.holding(fileOf: image.byteCount) {
                        try PictureMeasures(
                            ofFile: try collection.bytes(at: image.path), memory: memory)
                    }
                }
                return MeasuredPictures(versions: Array(versions[own]), measures: measures)
            })
    }
}

/// `checks.h5`: the measures of all pictures.
enum MeasuresFile {
    private static let columns = 5

    /// Writes `/versions` and `/measures (n, 5) float64`: dimmest, brightest, entropy, edges, greys.
    /// - Throws: `HDF5Error.notWritten`.
    static func write(_ path: String, _ pictures: MeasuredPictures) throws {
        let values = pictures.measures.flatMap {
            [$0.dimmest, $0.brightest, $0.entropy, $0.edges, $0.greys]
        }
        try HDF5File.write(path) { file in
            try file.strings("versions", pictures.versions)
            try file.numbers("measures", values, shape: [pictures.measures.count, columns])
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`.
    static func read(_ path: String) throws -> MeasuredPictures {
        try HDF5File.read(path) { file in
            let versions = try file.strings("versions")
            let values = try file.numbers("measures", as: Double.self).values
            guard values.count == versions.count * columns else {
                throw HDF5Error.wrongKind(
                    path: path, name: "measures", expected: "five numbers for each picture")
            }
            let measures = versions.indices.map { index in
                let row = values[index * columns..<(index + 1) * columns]
                let first = row.startIndex
                return PictureMeasures(
                    dimmest: row[first], brightest: row[first + 1], entropy: row[first + 2],
                    edges: row[first + 3], greys: row[first + 4])
            }
            return MeasuredPictures(versions: versions, measures: measures)
        }
    }
}
