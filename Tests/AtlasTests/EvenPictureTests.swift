import AtlasModel
import Similarity
import Testing

@testable import Atlas

@Suite struct EvenPictureTests {
    @Test("Of an even picture, models that correlate show equal pictures only")
    func even() {
        var result = SimilarResult(candidate: "marble/flat")
        let found = [("a", 0.0, 100.0), ("b", 1.0, 50.0)].map {
            SimilarResult.Found(key: $0, distance: $1, score: $2, rotation: 0)
        }
        result.targets["pairwise"] = .init(matches: found)
        result.targets["embedding"] = .init(matches: found)
        func shown() -> [[String]] {
            result.panels(LikenessTable.standard.models).map { $0.targets.matches.map(\.key) }
        }
        #expect(shown() == [["a", "b"], ["a", "b"]])
        result.isEven = true
        #expect(shown() == [["a"], ["a", "b"]])
    }
}
