import AtlasModel
import Catalog
import Classification
import Fingerprint
import Parallel
import Raster
import Synchronization

/// The pictures of a collection in the sizes from which networks take crops. They are read when they are
/// needed; those for a training are kept, because several trainings need them.
final class LargerPictures: Sendable {
    private let bytes: @Sendable (_ picture: Int) throws -> [UInt8]
    private let version: @Sendable (_ picture: Int) -> Fingerprint
    private let workers: Workers
    private let memory: MemoryBudget?
    /// By size and picture.
    private let kept = Mutex<[Int: [Int: LargerPicture]]>([:])

    /// - Parameters:
    ///   - version: changes with the file of a picture.
    ///   - bytes: the file of a picture.
    init(
        workers: Workers, memory: MemoryBudget?,
        version: @escaping @Sendable (_ picture: Int) -> Fingerprint,
        bytes: @escaping @Sendable (_ picture: Int) throws -> [UInt8]
    ) {
        self.workers = workers
        self.memory = memory
        self.version = version
        self.bytes = bytes
    }

    /// Digests of the files of pictures, in order.
    func versions(_ pictures: [Int]) -> [Fingerprint] { pictures.map(version) }

    /// The pictures at some indices, in that order, for crops of a size.
    /// - Parameter keeping: whether they are needed again.
    func pictures(_ indices: [Int], side: Int, keeping: Bool) throws -> [LargerPicture] {
        let known = kept.withLock { $0[side] ?? [:] }
        let shorter = Architecture.shorterSide(forCrops: side)
        let pictures = try workers.map(indices.count, chunk: 4) { place in
            try known[indices[place]] ?? Self.decoded(bytes(indices[place]), shorter, memory)
        }
        guard keeping else { return pictures }
        kept.withLock { kept in
            for (index, picture) in zip(indices, pictures) {
                kept[side, default: [:]][index] = picture
            }
        }
        return pictures
    }

    /// A longer side is at most this many times the shorter one; what is beyond lies in no crop.
    private static let longest = 1.5

    /// The middle of a picture with a shorter side of at most `shorter` pixels.
    private static func decoded(_ bytes: [UInt8], _ shorter: Int, _ memory: MemoryBudget?) throws
        -> LargerPicture
    {
        let picture = try Picture.decode(bytes, .shorterSide(shorter, memory: memory)).picture
        let most = Int(longest * Double(min(picture.width, picture.height)))
        let middle = picture.middle(mostWidth: most, mostHeight: most)
        return LargerPicture(width: middle.width, height: middle.height, bytes: middle.pixels)
    }
}

extension BuildContext {
    /// The pictures of a collection for networks that see crops. A build reads them once.
    mutating func largerPictures(of loaded: LoadedCollection) -> LargerPictures {
        if let larger { return larger }
        let (collection, paths) = (loaded.collection, loaded.images.map(\.path))
        let pictures = LargerPictures(
            workers: workers, memory: memory.pixels,
            version: { collection.version(at: paths[$0]) ?? Fingerprint(ofParts: [paths[$0]]) },
            bytes: { try collection.bytes(at: paths[$0]) })
        larger = pictures
        return pictures
    }
}

extension Catalogue {
    /// The side of the crops that a network sees of these pictures: 28 of model vectors, 56 of small or of
    /// very many pictures, else 112.
    ///
    /// 224 takes four times as long as 112, and has to be asked for.
    var suitedInputSide: Int {
        guard showsPhotographs else { return ModelVectors.side }
        let shorter = images.map { min($0.width, $0.height) }.sorted()
        let isSmall = shorter[shorter.count / 2] < Self.largePicture
        return isSmall || images.count > Self.manyPictures ? Self.smallInputSide : 112
    }

    /// The side of the crops of small pictures, or where time is short.
    static let smallInputSide = 56
    /// The shorter side, in pixels, of pictures that show more in crops of 112 than of 56.
    private static let largePicture = 100
    /// So many pictures take 300 megabytes for crops of 112 pixels.
    private static let manyPictures = 4_000
}
