import AtlasModel
import Testing

@testable import Atlas

@Suite("Which classifiers are tried")
struct ClassifierPlanTests {
    private let networks: [(name: String, cost: Double)] = [
        ("large", 30), ("middle", 10), ("small", 2),
    ]
    private let floor: (name: String, cost: Double) = ("floor", 0)

    /// Worked by hand: with 6 trainings for the one that is chosen, `large` needs 180 seconds, `middle`
    /// 60, and `small` 2 more.
    @Test(
        "Those that fit the budget, each once and the dearest for all folds",
        arguments: [
            (120.0, ["floor", "middle", "small"]), (180.0, ["floor", "large"]),
            (192.0, ["floor", "large", "middle", "small"]), (190.0, ["floor", "large", "middle"]),
            (11.0, ["floor"]), (12.0, ["floor", "small"]),
        ])
    func budget(seconds: Double, expected: [String]) {
        let plan = ClassifierPlan(networks, floor: floor, trainings: 6, budget: seconds)
        #expect(plan.tried == expected)
    }

    @Test("What was not tried stays a candidate, with the cost of all its trainings")
    func candidates() {
        let choice = ClassifierPlan(networks, floor: floor, trainings: 6, budget: 12).choice([:])
        #expect(choice.candidates.map(\.name) == ["floor", "large", "middle", "small"])
        #expect(choice.candidates.map(\.cost) == [0, 180, 60, 12])
    }

    /// `grain` needs 60 seconds with all its trainings, and the fused one no other network.
    @Test(
        "The floor and a network of crops are also fused, at the cost of that network",
        arguments: [(60.0, ["floor", "grain", "fused"]), (59.0, ["floor"])])
    func fused(seconds: Double, expected: [String]) {
        let plan = ClassifierPlan(
            [("grain", 10)], floor: floor, trainings: 6, budget: seconds)
        #expect(plan.tried == expected)
        let candidates = plan.choice([:]).candidates
        #expect(candidates.map(\.name) == ["floor", "grain", "fused"])
        #expect(candidates.map(\.kind) == [.textures, .network, .fused])
        #expect(candidates.map(\.cost) == [0, 60, 60])
    }

    @Test("The parts that are fused are found by their names, wherever they stand")
    func parts() throws {
        let plan = ClassifierPlan(
            [("grain", 10), ("small", 2)], floor: floor, trainings: 2, budget: 100)
        #expect(plan.tried == ["floor", "grain", "small", "fused"])
        let parts = try #require(plan.fusedParts)
        #expect((parts.textures, parts.network) == (0, 1))
        #expect(plan.choice([:]).candidates.map(\.cost) == [0, 20, 4, 20])
    }

    @Test("Without a floor and without a limit all networks are tried")
    func unlimited() {
        let plan = ClassifierPlan(networks, floor: nil, trainings: 6, budget: .infinity)
        #expect(plan.tried == ["large", "middle", "small"])
    }
}
