import AtlasModel
import Catalog
import Fingerprint
import Mapping
import Parallel
import Similarity

extension BuildContext {
    /// Lays out the map, as the stage `map`; `nil` if the settings want none.
    ///
    /// Neighbours are the targets that the build has found in the whole collection: by the features of a
    /// network where a panel compares them, otherwise by the first model that looks there.
    ///
    /// - Parameter earlier: the map of an earlier build, whose pictures keep their places; `nil` for none.
    mutating func map(
        _ loaded: LoadedCollection, _ likeness: Likeness, network: StoredClassifier?,
        keeping earlier: StoredMap?
    ) throws -> PictureMap? {
        guard settings.hasMap, !loaded.images.isEmpty else {
            if earlier != nil, !settings.hasMap {
                narrator.warn("--map is not used, because the settings say \"map: false\".")
            }
            return nil
        }
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
        let kept = earlier.flatMap {
            KeptMap($0, for: catalogue.mappedPictures, by: model, warn: narrator.warn)
        }
        return try run(
            .map(
                catalogue, table, compared, keeping: kept,
                basis: try basis.featureFields(for: pass.view), self)
        ) { $0.isReused ? "reused from an earlier build" : "" }
    }
}

extension Stage<PictureMap> {
    /// Raised when the same neighbours and features give another map.
    private static var revision: Int { 3 }

    /// Places all pictures by their neighbours.
    /// - Parameters:
    ///   - features: what the model compares; `nil` for pixels.
    ///   - kept: the places that stay; `nil` to lay all pictures out.
    ///   - basis: digests of what the features are made from besides the pictures.
    static func map(
        _ catalogue: Catalogue, _ neighbours: Neighbours, _ features: FeaturesOnce?,
        keeping kept: KeptMap?, basis: [CacheKey.Field], _ context: BuildContext
    ) -> Stage {
        let workers = context.workers
        let (model, matches) = (neighbours.model, neighbours.matches)
        let numbers = matches.flatMap { matches in
            [UInt64(matches.count)]
                + matches.flatMap { [UInt64($0.target), $0.distance.bitPattern] }
        }
        let pictures = catalogue.mappedPictures
        let key = CacheKey(
            .map, revision: revision,
            [
                .init(name: "model", value: .text(model.id)),
                .init(name: "view revision", value: .integer(model.view.revision)),
                .init(name: "keys", value: .texts(pictures.map(\.key))),
                .init(name: "rotations", value: .flag(context.settings.rotations)),
                .init(
                    name: "pictures", value: .digest(Fingerprint(of: catalogue.vectors.bytes))),
                .init(
                    name: "neighbours",
                    value: .digest(numbers.withUnsafeBytes { Fingerprint(of: $0) })),
            ] + basis + (kept.map { [.init(name: "kept places", value: .digest($0.digest))] } ?? [])
        )
        // Otherwise its distances are not those of the features: pictures are turned or shifted to match.
        let isMeasured =
            !context.settings.rotations
            && (features != nil || model.view.id == LikenessView.pixels.id)
        return Stage(
            .map,
            cachedIn: CacheEntry(
                file: StoredMap.fileName, key: key,
                read: { try PictureMap(contentsOf: $0, model: model) },
                write: { try $0.write(to: $1, of: pictures) }),
            make: { progress in
                let graph = try NeighbourGraph(matches, workers: workers)
                func compared() throws -> PlaneFeatures {
                    try features.map { PlaneFeatures(try $0.value(nil).rows) }
                        ?? PlaneFeatures(catalogue.vectors)
                }
                func layout() throws -> (places: [SIMD2<Float>], grid: GridLayout) {
                    if let kept {
                        return try kept.layout(graph, features: compared, workers: workers)
                    }
                    let places = try PlaneMapping.places(
                        graph: graph, features: compared(), workers: workers, progress: progress)
                    let grid = try GridLayout(
                        places, graph: graph, features: compared(), workers: workers)
                    return (places, grid)
                }
                let (places, grid) = try layout()
                let measured = isMeasured ? try compared() : nil
                let (ranks, figures) = try workers.both {
                    PageRank.ranks(matches)
                } _: {
                    try MapFigures(places, grid, matches, features: measured, workers: workers)
                }
                return PictureMap(
                    model: model, places: places, cells: grid.cells, columns: grid.columns,
                    ranks: ranks, figures: figures)
            })
    }
}

extension MapFigures {
    /// - Parameter features: by which pictures are alike; `nil` to leave trustworthiness out.
    fileprivate init(
        _ places: [SIMD2<Float>], _ grid: GridLayout, _ targets: [[Match]],
        features: PlaneFeatures?, workers: Workers
    ) throws {
        let maps = [places, grid.places]
        let recalls = try maps.map { try MapQuality.recall(of: $0, targets, workers: workers) }
        let chosen = MapQuality.sample(of: places.count)
        let most = targets.reduce(0) { max($0, $1.count) }
        let neighbours = min(most, (chosen.count - 1) / 2)
        guard let features, neighbours > 0 else {
            self.init(
                plane: .init(recall: recalls[0], trustworthiness: nil),
                grid: .init(recall: recalls[1], trustworthiness: nil), sample: nil)
            return
        }
        let trust = try MapQuality.trustworthiness(
            of: maps.map { map in chosen.map { map[$0] } }, features.selecting(chosen),
            neighbours: neighbours, workers: workers)
        self.init(
            plane: .init(recall: recalls[0], trustworthiness: trust[0]),
            grid: .init(recall: recalls[1], trustworthiness: trust[1]),
            sample: .init(pictures: chosen.count, neighbours: neighbours))
    }
}
