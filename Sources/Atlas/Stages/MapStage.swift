import AtlasModel
import Catalog
import Fingerprint
import HDF5
import Mapping
import Similarity

extension BuildContext {
    /// Lays out the map, as the stage `map`; `nil` if the settings want none.
    ///
    /// Neighbours are the targets that the build has found in the whole collection: by the features of a
    /// network where a panel compares them, otherwise by the first model that looks there.
    mutating func map(
        _ loaded: LoadedCollection, _ likeness: Likeness, network: StoredClassifier?
    ) throws -> PictureMap? {
        guard settings.hasMap, !loaded.images.isEmpty else { return nil }
        let models = settings.models + likenessModels.defaultPair
        let whole = models.filter { $0.scope == .collection }
        guard let model = whole.first(where: \.view.needsNetwork) ?? whole.first,
            let table = likeness.neighbours.first(where: { $0.model == model }),
            let pass = likenessModels.passes(for: [model]).first
        else { return nil }
        let catalogue = loaded.catalogue
        let basis = LikenessBasis(
            clusters: nil, network: network,
            textures: pass.view.needsTexture ? try textures(of: loaded) : nil)
        let compared = pass.comparesFeatures ? features(of: pass, catalogue, basis) : nil
        return try run(
            .map(
                catalogue, table, compared, basis: try basis.featureFields(for: pass.view), self)
        ) { $0.isReused ? "reused from an earlier build" : "" }
    }
}

extension Stage<PictureMap> {
    /// Raised when the same neighbours and features give another map.
    private static var revision: Int { 1 }

    /// Places all pictures by their neighbours.
    /// - Parameters:
    ///   - features: what the model compares; `nil` for pixels.
    ///   - basis: digests of what the features are made from besides the pictures.
    static func map(
        _ catalogue: Catalogue, _ neighbours: Neighbours, _ features: FeaturesOnce?,
        basis: [CacheKey.Field], _ context: BuildContext
    ) -> Stage {
        let workers = context.workers
        let (model, matches) = (neighbours.model, neighbours.matches)
        let numbers = matches.flatMap { matches in
            [UInt64(matches.count)]
                + matches.flatMap { [UInt64($0.target), $0.distance.bitPattern] }
        }
        let key = CacheKey(
            .map, revision: revision,
            [
                .init(name: "model", value: .text(model.id)),
                .init(name: "view revision", value: .integer(model.view.revision)),
                .init(
                    name: "pictures", value: .digest(Fingerprint(of: catalogue.vectors.bytes))),
                .init(
                    name: "neighbours",
                    value: .digest(numbers.withUnsafeBytes { Fingerprint(of: $0) })),
            ] + basis)
        return Stage(
            .map,
            cachedIn: CacheEntry(
                file: "map.h5", key: key, read: { try PictureMap(contentsOf: $0, model: model) },
                write: { try $0.write(to: $1) }),
            make: { progress in
                let compared = try features.map { PlaneFeatures(try $0.value(nil).rows) }
                let graph = try NeighbourGraph(matches, workers: workers)
                let places = try PlaneMapping.places(
                    graph: graph, features: compared ?? PlaneFeatures(catalogue.vectors),
                    workers: workers, progress: progress)
                let grid = GridLayout(places, graph: graph)
                return PictureMap(
                    model: model, places: places, cells: grid.cells, columns: grid.columns)
            })
    }
}

extension PictureMap {
    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`.
    fileprivate init(contentsOf path: String, model: LikenessModel) throws {
        self = try HDF5File.read(path) { file in
            let (values, shape) = try file.numbers("places", as: Float.self)
            let cells = try file.numbers("cells", as: Int64.self)
            guard shape.count == 2, shape[1] == 2, cells.shape == [shape[0]] else {
                throw HDF5Error.wrongShape(path: path, name: "places", shape: shape)
            }
            let columns = try file.numbersAttribute("columns", as: Int64.self).first ?? 0
            return PictureMap(
                model: model,
                places: stride(from: 0, to: values.count, by: 2).map {
                    SIMD2(values[$0], values[$0 + 1])
                }, cells: cells.values.map(Int.init), columns: Int(columns))
        }
    }

    /// Writes `places (n, 2) float32`, `cells (n) int64` and the attribute `columns`.
    /// - Throws: `HDF5Error.notWritten`.
    fileprivate func write(to path: String) throws {
        try HDF5File.write(path) { file in
            try file.numbers(
                "places", places.flatMap { [$0.x, $0.y] }, shape: [places.count, 2])
            try file.numbers("cells", cells.map(Int64.init), shape: [cells.count])
            try file.attribute("columns", Int64(columns))
        }
    }
}
