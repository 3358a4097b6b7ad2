import AtlasModel
import Foundation
import RandomNumbers
import Testing

@testable import Classification

@Suite("Crops of pictures")
struct CropTests {
    /// 10 · column + 2 · row in each channel, and 0, 1 and 2 more in red, green and blue.
    private static let ramp: LargerPicture = {
        var bytes: [UInt8] = []
        for row in 0..<8 {
            for column in 0..<12 {
                let red = UInt8(10 * column + 2 * row)
                bytes += [red, red + 1, red + 2]
            }
        }
        return LargerPicture(width: 12, height: 8, bytes: bytes)
    }()

    private static func pixels(_ crop: Crop, side: Int) -> [Float] {
        var values = [Float](repeating: -1, count: side * side * 3)
        values.withUnsafeMutableBufferPointer { crop.write(ramp, side: side, to: $0) }
        return values
    }

    /// The middle of an output pixel x of a crop of 8 · ½ = 4 pixels at the right edge is
    /// 8 + (x + ½) · 4 / 2, and the middles of stored pixels are at halves: 8.5 and 10.5 as places.
    @Test("A crop is a part of the picture, interpolated between the middles of its pixels")
    func place() {
        let crop = Crop(share: 0.5, right: 1, down: 0, symmetry: 0)
        let found = Self.pixels(crop, side: 2).map { ($0 * 255 * 100).rounded() / 100 }
        // Rows at places 0.5 and 2.5.
        #expect(
            found == [
                86, 87, 88, 106, 107, 108,
                90, 91, 92, 110, 111, 112,
            ])
    }

    /// Corners of the crop of the whole left square, by hand: (0, 0) is 0, (7, 0) is 70, (0, 7) is 14,
    /// (7, 7) is 84, clockwise 0, 70, 84, 14.
    @Test(
        "The eight symmetries mirror, then turn counter-clockwise",
        arguments: zip(
            0..<8,
            [
                [0, 70, 84, 14], [70, 84, 14, 0], [84, 14, 0, 70], [14, 0, 70, 84],
                [70, 0, 14, 84], [0, 14, 84, 70], [14, 84, 70, 0], [84, 70, 0, 14],
            ] as [[Float]]))
    func symmetries(symmetry: Int, corners: [Float]) {
        let pixels = Self.pixels(Crop(share: 1, right: 0, down: 0, symmetry: symmetry), side: 8)
        let found = [0, 7, 63, 56].map { (pixels[$0 * 3] * 255).rounded() }
        #expect(found == corners)
    }

    @Test("Gains multiply each colour, and the lift is added to all")
    func colours() {
        var crop = Crop(share: 1, right: 0, down: 0, symmetry: 0)
        crop.gains = [1, 2, 0]
        crop.lift = 0.25
        let pixels = Self.pixels(crop, side: 8)
        #expect(abs(pixels[3] - (10.0 / 255 + 0.25)) < 1e-6)
        #expect(abs(pixels[4] - (2 * 11.0 / 255 + 0.25)) < 1e-6)
        #expect(pixels[5] == 0.25)
    }

    @Test("Drawn crops keep to the recipe and differ")
    func drawn() {
        var random = SplitMix64(seed: 1)
        let recipe = CropRecipe()
        let crops = (0..<500).map { Crop.drawn(recipe, symmetry: $0 % 8, random: &random) }
        #expect(crops.allSatisfy { (recipe.smallest...1).contains($0.share) })
        #expect(crops.allSatisfy { (0...1).contains($0.right) && (0...1).contains($0.down) })
        let bound = recipe.light + recipe.tint + 1e-6
        #expect(
            crops.allSatisfy { crop in (0..<3).allSatisfy { abs(crop.gains[$0] - 1) <= bound } })
        #expect(Set(crops.map(\.share)).count > 490)
    }
}

@Suite("A training as long as dev pictures gain")
struct OpenLengthTests {
    private static func open(patience: Int, fall: Double) -> OpenLength {
        var open = OpenLength()
        (open.patience, open.fall) = (patience, fall)
        return open
    }

    @Test("The rate falls after epochs without a lower loss, or in time for the most epochs")
    func begin() {
        let open = Self.open(patience: 2, fall: 0.25)
        #expect(open.begin(of: [3, 2, 2.5], most: 100) == nil)
        #expect(open.begin(of: [3, 2, 2.5, 2.5], most: 100) == 4)
        // What comes later does not move it.
        #expect(open.begin(of: [3, 2, 2.5, 2.5, 1], most: 100) == 4)
        // 8 epochs and a quarter of them are 10.
        #expect(open.begin(of: [9, 8, 7, 6, 5, 4, 3, 2, 1], most: 10) == 8)
        #expect(open.begin(of: [nil, nil, nil, nil], most: 5) == 4)
        #expect(open.total(begin: 4, most: 100) == 5)
        #expect(open.total(begin: 8, most: 9) == 9)
    }

    private static func record(_ epoch: Int, _ loss: Double) -> EpochRecord {
        EpochRecord(epoch: epoch, trainingLoss: 0, devAccuracy: 0, devLoss: loss)
    }

    /// By hand: ten steps an epoch; two epochs to fall after four.
    @Test("The learning rate rises in the first epoch, stays, and falls in a line to zero")
    func rate() {
        var settings = TrainingSettings(epochs: 100, batchSize: 1, seed: 0, threads: 1)
        settings.recipe.rate = 0.5
        settings.recipe.open = Self.open(patience: 2, fall: 0.5)
        let none: [EpochRecord] = []
        let stalled = [3, 2, 2.5, 2.5].enumerated().map { Self.record($0 + 1, $1) }
        #expect(settings.rate(atStep: 5, stepsInEpoch: 10, none) == 0.25)
        #expect(settings.rate(atStep: 10, stepsInEpoch: 10, none) == 0.5)
        #expect(settings.rate(atStep: 31, stepsInEpoch: 10, Array(stalled.prefix(3))) == 0.5)
        #expect(settings.length(Array(stalled.prefix(3))) == 100)
        #expect(settings.length(stalled) == 6)
        #expect(settings.rate(atStep: 50, stepsInEpoch: 10, stalled) == 0.25)
        #expect(settings.rate(atStep: 60, stepsInEpoch: 10, stalled) == 0)
    }
}

@Suite("The network for photographs")
struct GrainTests {
    /// Pictures of two classes, fine and coarse stripes, upright or lying.
    private static func grained(_ count: Int, seed: UInt64) -> LabelledPictures {
        var random = SplitMix64(seed: seed)
        let pictures = (0..<count).map { number in
            let (width, height) = (60 + random.below(20), 56 + random.below(20))
            let half = number % 2 == 0 ? 2 : 5
            let (isUpright, phase) = (random.below(2) == 0, random.below(10))
            var bytes: [UInt8] = []
            for place in 0..<width * height {
                let along: Int = phase + (isUpright ? place % width : place / width)
                let grey: Int = (along / half % 2) * 120 + 40 + random.below(40)
                for _ in 0..<3 { bytes.append(UInt8(grey)) }
            }
            return LargerPicture(width: width, height: height, bytes: bytes)
        }
        return LabelledPictures(.larger(pictures), labels: (0..<count).map { $0 % 2 })
    }

    private static func trained(epochs: Int, threads: Int, open: Bool = false) throws -> Network {
        let architecture = try #require(
            Architecture.named(Architecture.grain, classes: 2, side: 56))
        var settings = TrainingSettings.suited(
            to: 40, architecture: architecture, seed: 3, threads: threads)
        settings.epochs = epochs
        if open { settings.recipe.open = OpenLength() }
        return try Network.trained(
            architecture,
            on: TrainingData(
                classes: ["coarse", "fine"], training: grained(40, seed: 1),
                dev: grained(12, seed: 2), digests: ["a"]), settings: settings
        ).network
    }

    @Test("A training gives the same network from any number of threads")
    func threads() throws {
        let network = try Self.trained(epochs: 1, threads: 1)
        #expect(try Self.trained(epochs: 1, threads: 3) == network)
        #expect(network.threads == nil)
    }

    @Test("It tells fine grain from coarse, each picture by itself")
    func learns() throws {
        let network = try Self.trained(epochs: 10, threads: 2)
        let unseen = Self.grained(30, seed: 4)
        let predictions = try network.predict(unseen.input, threads: 2)
        #expect(zip(predictions, unseen.labels).count { $0.predicted == $1 } >= 27)
        #expect(network.epochs == 10)
        // A prediction depends on the picture alone.
        let one = try network.predict(unseen.input.selecting([7]), threads: 1)
        #expect(one[0] == predictions[7])
        #expect(predictions.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
        let features = try network.features(unseen.input, threads: 2)
        #expect(features.count == 30 && features.width == 128)
    }

    @Test("A saved network is loaded unchanged, with the size of its input")
    func file() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let network = try Self.trained(epochs: 1, threads: 2, open: true)
        try network.save(to: path)
        let loaded = try Network.load(path)
        #expect(loaded == network)
        #expect(loaded.architecture.side == 56 && loaded.architecture.seesCrops)
    }

    /// By hand for 112 pixels and ten classes: 27 · 16 products for each of 112² pixels, 144 · 32 of 56²,
    /// 288 · 64 of 28², 576 · 96 and 864 · 128 of 14², and 128 · 10.
    @Test("Its cost is that of its layers, and gives the epochs that fit a time")
    func cost() throws {
        let grain = try #require(Architecture.named(Architecture.grain, classes: 10, side: 112))
        #expect(try grain.multiplyAdds() == 66_835_712)
        // 3 · 66,835,712 · 1,000 / 1e11 = 2.005 seconds an epoch.
        #expect(try grain.epochs(inSeconds: 120, pictures: 1_000) == 59)
        #expect(try grain.epochs(inSeconds: 1, pictures: 1_000) == 30)
        #expect(try grain.epochs(inSeconds: 1e6, pictures: 10) == 120)
    }
}
