import AtlasModel

/// The scenes of an edition, their paths, and the place of each picture in them.
struct SceneLayout: Sendable {
    /// In the order of the edition: largest first.
    let scenes: [Scene]
    let seams: SceneSeams
    /// Paths of the pages and of the mosaics.
    let pages: [String]
    let mosaics: [String]
    /// For each picture that lies in a scene, the scene and its tile there.
    let places: [Int: Place]

    struct Place: Sendable {
        let scene: Int
        let tile: Int
    }

    /// The page is named like the scene's first picture in key order, so it stays where it is while
    /// pictures are added behind that.
    init(_ edition: Edition, _ paths: AtlasPaths) {
        scenes = edition.scenes
        seams = edition.seams
        let names = edition.scenes.map { scene in
            let place = paths.places[scene.tiles[0].picture]
            return "scenes/\(place.folder)/\(place.shard)/\(place.name)"
        }
        pages = names.map { $0 + ".html" }
        mosaics = names.map { $0 + ".png" }
        var places: [Int: Place] = [:]
        for (number, scene) in edition.scenes.enumerated() {
            for (tile, placed) in scene.tiles.enumerated() {
                places[placed.picture] = Place(scene: number, tile: tile)
            }
        }
        self.places = places
    }

    func mosaic(_ index: Int) -> Mosaic { Mosaic(scene: scenes[index], seams: seams) }
}
