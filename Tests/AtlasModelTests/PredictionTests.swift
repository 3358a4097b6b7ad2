import AtlasModel
import Testing

@Suite struct PredictionTests {
    @Test func `The margin lies between the two highest probabilities`() {
        #expect(abs(Prediction(probabilities: [0.2, 0.5, 0.3]).margin - 0.2) < 1e-6)
        #expect(Prediction(probabilities: [0.5, 0.5]).margin == 0)
        #expect(Prediction(probabilities: [1]).margin == 1)
    }
}
