import AtlasModel
import Fingerprint
import Mapping
import Parallel

/// The map of an earlier build, as far as it holds for the pictures of today.
struct KeptMap {
    private let stored: StoredMap
    /// For each picture of today its number in the earlier map; `nil` for a new one.
    private let earlier: [Int?]
    /// Whether pictures keep their cells too.
    private let keepsGrid: Bool

    /// New pictures are placed one by one as long as they are at most this part of all: one in ten. More
    /// would no longer show what is beside what.
    private static let part = 10

    /// - Parameters:
    ///   - pictures: of today.
    ///   - warn: receives the reason if the earlier map cannot be used.
    init?(
        _ stored: StoredMap, for pictures: [StoredMap.MappedPicture], by model: LikenessModel,
        warn: (String) -> Void
    ) {
        guard stored.model == model.id else {
            warn(
                "\(stored.path) is a map by the model \(stored.model), but this atlas has one by \(model.id), so "
                    + "the map is laid out again. Give the map.h5 of a build that compares pictures in the same "
                    + "way, or see --view.")
            return nil
        }
        earlier = stored.numbers(of: pictures)
        let added = earlier.count { $0 == nil }
        guard Self.isSmall(added, of: pictures.count) else {
            warn(
                "\(added) of \(pictures.count) pictures are not on the map \(stored.path), which is more than one in "
                    + "ten, so the map is laid out again. Give the map.h5 of this build from now on."
            )
            return nil
        }
        let gone = stored.cells.count - (earlier.count - added)
        keepsGrid =
            Self.isSmall(gone, of: stored.cells.count) && stored.columns <= earlier.count
        if !keepsGrid {
            warn(
                "\(gone) of the \(stored.cells.count) pictures of the map \(stored.path) are gone, which is more than "
                    + "one in ten, so the spread map is arranged again. True positions stay.")
        }
        self.stored = stored
    }

    private static func isSmall(_ count: Int, of all: Int) -> Bool { count * part <= all }

    /// Digest of all that the map of today takes over.
    var digest: Fingerprint {
        var numbers: [UInt64] = [UInt64(stored.columns), UInt64(stored.cells.count)]
        for number in earlier {
            guard let number else {
                numbers.append(.max)
                continue
            }
            let place = stored.places[number]
            numbers += [
                UInt64(stored.cells[number]),
                UInt64(place.x.bitPattern) << 32 | UInt64(place.y.bitPattern),
            ]
        }
        return numbers.withUnsafeBytes { Fingerprint(of: $0) }
    }

    /// The map of today. The grid is made again if more than one picture in ten of the earlier map is gone.
    /// - Throws: `KernelError`.
    func layout(
        _ graph: NeighbourGraph, features: () throws -> PlaneFeatures, workers: Workers
    ) throws -> (places: [SIMD2<Float>], grid: GridLayout) {
        let places = try PlaneMapping.places(
            keeping: earlier.map { $0.map { stored.places[$0] } }, graph: graph, workers: workers)
        let grid =
            keepsGrid
            ? GridLayout(
                keeping: earlier.map { $0.map { stored.cells[$0] } }, columns: stored.columns,
                graph: graph)
            : try GridLayout(places, graph: graph, features: features(), workers: workers)
        return (places, grid)
    }
}

extension StoredMap {
    /// For each of these pictures its number on this map: by key and model vector, else by the model vector
    /// alone, because a picture may have been renamed.
    fileprivate func numbers(of others: [MappedPicture]) -> [Int?] {
        let known = Dictionary(
            zip(pictures, pictures.indices), uniquingKeysWith: { first, _ in first })
        var numbers = others.map { known[$0] }
        let taken = Set(numbers.compactMap(\.self))
        guard taken.count < others.count else { return numbers }
        var free: [Fingerprint: [Int]] = [:]
        for index in pictures.indices.reversed() where !taken.contains(index) {
            free[pictures[index].vector, default: []].append(index)
        }
        for index in others.indices where numbers[index] == nil {
            numbers[index] = free[others[index].vector]?.popLast()
        }
        return numbers
    }
}
