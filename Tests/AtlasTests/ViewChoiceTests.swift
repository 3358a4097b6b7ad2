import AtlasModel
import Testing

@testable import Atlas

@Suite("The choice of a view")
struct ViewChoiceTests {
    private static func candidates(_ shares: [Double?], partners: [Double?] = [nil, nil, nil])
        -> [ViewChoice.Candidate]
    {
        func rate(_ share: Double?) -> ViewChoice.Rate? {
            share.map { ViewChoice.Rate(share: $0, low: 0, high: 1) }
        }
        return zip(["pixels", "network", "texture"], zip(shares, partners)).map {
            ViewChoice.Candidate(
                view: $0, compared: $0, sameType: rate($1.0), partners: rate($1.1))
        }
    }

    @Test("The view with the largest share of the same type is taken")
    func share() {
        #expect(ViewChoice.best(of: Self.candidates([0.4, 0.8, 0.6])) == "network")
        #expect(ViewChoice.best(of: Self.candidates([0.4, 0.5, 0.6])) == "texture")
    }

    @Test("Within one point, the view that finds most partners is taken, then the first")
    func partners() {
        #expect(
            ViewChoice.best(of: Self.candidates([0.3, 0.8, 0.795], partners: [1, 0.2, 0.7]))
                == "texture")
        #expect(
            ViewChoice.best(of: Self.candidates([0.3, 0.8, 0.785], partners: [1, 0.2, 0.7]))
                == "network")
        #expect(ViewChoice.best(of: Self.candidates([0.795, 0.8, 0.7])) == "pixels")
    }

    @Test("Without types partners decide, and without both it is texture")
    func nothing() {
        #expect(
            ViewChoice.best(of: Self.candidates([nil, nil, nil], partners: [0.5, 0.4, 0.6]))
                == "texture")
        #expect(
            ViewChoice.best(of: Self.candidates([nil, nil, nil], partners: [0.5, 0.4, 0.3]))
                == "pixels")
        #expect(ViewChoice.best(of: Self.candidates([nil, nil, nil])) == "texture")
    }
}
