import AtlasModel
import Catalog
import Fingerprint
import HDF5
import Parallel
import Raster
import Similarity

/// Descriptors of all pictures of a collection, with the version of each file.
struct DescribedTextures {
    /// One for each picture: changes with its file.
    let versions: [Fingerprint]
    let textures: TextureVectors
}

extension BuildContext {
    /// The descriptors of textures, as the stage `textures`; `nil` when no model compares them.
    mutating func textures(of loaded: LoadedCollection, for models: [LikenessModel]) throws
        -> TextureVectors?
    {
        guard models.contains(where: \.view.needsTexture) else { return nil }
        return try textures(of: loaded)
    }

    /// The descriptors of textures, as the stage `textures`. A build describes them once.
    mutating func textures(of loaded: LoadedCollection) throws -> TextureVectors {
        if let textures { return textures }
        let described = try run(.textures(of: loaded, self)) {
            $0.isReused ? "reused from an earlier build" : ""
        }.textures
        textures = described
        return described
    }
}

extension BuildContext {
    /// Describes the textures before other stages ask for them, if it is already sure that one will: so
    /// several machines can describe them in parts.
    /// - Parameter isPixels: whether a K-Means model of pixels was given.
    mutating func describeTextures(of loaded: LoadedCollection, isPixels: Bool) throws {
        let showsPhotographs = loaded.catalogue.showsPhotographs
        let asked = settings.models.contains(where: \.view.needsTexture)
        let chosen =
            settings.followsView
            && (settings.view == LikenessView.texture.id
                || settings.view == ViewChoice.automatic && showsPhotographs && !isPixels)
        if asked || chosen { _ = try textures(of: loaded) }
    }
}

extension Stage<DescribedTextures> {
    /// Describes the pictures of a collection. Those whose files have not changed since an earlier
    /// build are not decoded.
    static func textures(of loaded: LoadedCollection, _ context: BuildContext) -> Stage {
        let (collection, workers, memory) = (loaded.collection, context.workers, context.memory)
        let paths = loaded.images.map(\.path)
        let versions = zip(paths, loaded.versions).map { $1 ?? Fingerprint(ofParts: [$0]) }
        let key = CacheKey(
            .textures, revision: TextureDescriptor.revision,
            [
                "decoding": .integer(Readings.revision),
                "memory": .integer(context.settings.memory),
                "files": .digest(Fingerprint(ofParts: versions.map(\.hex))),
            ])
        return Stage(
            .textures,
            updating: CacheEntry(
                file: "textures.h5", key: key, family: key.without(["files"]),
                read: DescribedTextures.init(contentsOf:),
                write: { try $0.write(to: $1) }),
            join: { try DescribedTextures(joining: $0, $1) },
            make: { share, earlier, progress in
                let own = share.range(of: paths.count)
                let known = earlier?.rows ?? [:]
                let done = Counter(total: own.count, progress)
                let rows = try workers.map(own.count, chunk: 4) { place in
                    let index = own.lowerBound + place
                    defer { done.step() }
                    if let row = known[versions[index]] { return row }
                    let bytes = try collection.bytes(at: paths[index])
                    let decoded = try Picture.decode(
                        bytes, TextureDescriptor.request(memory: memory.pixels))
                    return TextureDescriptor.values(of: decoded.picture)
                }
                return DescribedTextures(
                    versions: Array(versions[own]),
                    textures: TextureVectors(
                        FeatureVectors(
                            values: Array(rows.joined()), width: TextureDescriptor.width),
                        parts: TextureDescriptor.parts))
            })
    }
}

extension DescribedTextures {
    /// Puts the descriptors of all shares together.
    fileprivate init(joining count: Int, _ part: (_ index: Int) throws -> DescribedTextures)
        rethrows
    {
        var (versions, values): ([Fingerprint], [Float]) = ([], [])
        for index in 0..<count {
            let described = try part(index)
            versions += described.versions
            values += described.textures.features.values
        }
        self.init(
            versions: versions,
            textures: TextureVectors(
                FeatureVectors(values: values, width: TextureDescriptor.width),
                parts: TextureDescriptor.parts))
    }

    /// The values of each picture by the version of its file.
    fileprivate var rows: [Fingerprint: [Float]] {
        let width = textures.features.width
        return Dictionary(
            versions.enumerated().map { row, version in
                (version, Array(textures.features.values[row * width..<(row + 1) * width]))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`.
    fileprivate init(contentsOf path: String) throws {
        self = try HDF5File.read(path) { file in
            let (values, shape) = try file.numbers("features", as: Float.self)
            let versions = try file.numbers("versions", as: Int64.self)
            guard shape.count == 2, shape[1] == TextureDescriptor.width,
                versions.shape == [shape[0], 2]
            else { throw HDF5Error.wrongShape(path: path, name: "features", shape: shape) }
            return DescribedTextures(
                versions: [Fingerprint](numbers: versions.values),
                textures: TextureVectors(
                    FeatureVectors(values: values, width: TextureDescriptor.width),
                    parts: TextureDescriptor.parts))
        }
    }

    /// Writes `features (n, 329) float32` and `versions (n, 2) int64`.
    /// - Throws: `HDF5Error.notWritten`.
    fileprivate func write(to path: String) throws {
        try HDF5File.write(path) { file in
            try file.numbers(
                "features", textures.features.values,
                shape: [versions.count, textures.features.width])
            try file.numbers("versions", versions.numbers, shape: [versions.count, 2])
        }
    }
}
