import AtlasModel
import Foundation
import Testing

@testable import Classification

@Suite struct FeatureTests {
    @Test(
        "The last layer applied to the features gives the probabilities of the network",
        arguments: [("conv1l", 7200), ("conv2l", 2304), ("smallvgg", 1024), ("deep", 128)])
    func head(name: String, width: Int) throws {
        let (network, _) = try TrainingTests.trained(name, epochs: 1)
        let vectors = striped(11, seed: 4).vectors
        let features = try network.features(vectors, threads: 1)
        #expect((features.count, features.width) == (11, width))
        let plan = try ParameterPlan(network.architecture)
        let fields = try #require(plan.fields.last { !$0.isEmpty })
        let kernel = network.values[fields[0].offset..<fields[0].offset + fields[0].count]
        let bias = network.values[fields[1].offset..<fields[1].offset + fields[1].count]
        let predictions = try network.predict(vectors, threads: 1)
        for row in 0..<11 {
            let scores = (0..<2).map { unit in
                (0..<width).reduce(Double(bias[bias.startIndex + unit])) { sum, place in
                    sum + Double(features.values[row * width + place])
                        * Double(kernel[kernel.startIndex + 2 * place + unit])
                }
            }
            let expected = 1 / (1 + exp(scores[1] - scores[0]))
            #expect(abs(Double(predictions[row].probabilities[0]) - expected) < 1e-5)
        }
    }

    @Test("Features depend neither on the other pictures nor on the number of threads")
    func alone() throws {
        let (network, _) = try TrainingTests.trained("conv2l", epochs: 1)
        let vectors = striped(300, seed: 5).vectors
        let all = try network.features(vectors, threads: 1)
        #expect(try network.features(vectors, threads: 3) == all)
        let one = try network.features(vectors.selecting([257]), threads: 1)
        #expect(one.values == Array(all.values[257 * all.width..<258 * all.width]))
    }
}
