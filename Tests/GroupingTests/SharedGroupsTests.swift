import AtlasModel
import Foundation
import Parallel
import Testing

@testable import Grouping

/// Pairs that several shares find, put together, are compared with those of one search.
@Suite struct SharedGroupsTests {
    /// 20 scenes of 6 pictures each, which show the same ground, and turned copies of some of them: more
    /// pictures than a block of the search holds.
    private static let vectors: ModelVectors = {
        let scenes = (0..<20).flatMap { seed in
            let scene = Scene(seed: UInt64(seed))
            return (0..<6).map { scene.cut(2 * $0, $0) }
        }
        let some = ModelVectors(stride(from: 0, to: 120, by: 5).map { scenes[$0] })
        let copies = (0..<some.count).map { index in
            some.transformed(index, by: 1 + index % 7).map { $0 < 255 ? $0 + 1 : 254 }
        }
        return ModelVectors(scenes + copies)
    }()

    private let search = GroupSearch(
        GroupingInput(
            vectors,
            images: (0..<vectors.count).map { index in
                ImageRecord(
                    key: "gneiss/\(index)", label: 0, path: "\(index).png", width: 28, height: 28,
                    byteCount: 1, format: .png, split: .train, digest: "\(index)")
            }, specimens: (0..<vectors.count).map { _ in "" },
            identities: (0..<vectors.count).map(String.init), detail: { _ in [] }))

    @Test(arguments: [2, 3]) func `Shares find the pairs of a whole search`(shares: Int) throws {
        let workers = Workers(2)
        let whole = try search.compared(workers: workers)
        let found = try (0..<shares).map {
            try search.compared(Share(index: $0, count: shares), workers: workers)
        }
        #expect(whole.ground.count > 50)
        #expect(whole.copies.count > 10)
        #expect(try search.joined(shares, { found[$0] }, workers: workers) == whole)
    }
}
