import AtlasModel
import RandomNumbers
import Raster

/// One picture of the sample collection: a texture, and the conditions of the photograph.
///
/// Light, scale, angle, tone, colour cast and a blend with another rock are random for each
/// picture. So the mean colour does not determine the type, and a classifier has to use the
/// texture.
struct SamplePicture {
    private let texture: Texture
    private let other: Texture
    private let noise: Noise
    private let view: View
    private let tone: Tone

    /// The position of the rock face in front of the camera.
    private struct View {
        let width: Int
        let height: Int
        /// Texture units per pixel.
        let scale: Double
        let along: SIMD2<Double>
        let centre: SIMD2<Double>
    }

    /// Light and colour of the rock face.
    private struct Tone {
        let brightness: Double
        let contrast: Double
        let cast: Colour
        let saturation: Double
        let light: SIMD2<Double>
        /// Share of the picture where another rock shows through.
        let blend: Double
    }

    /// - Parameter seed: of this picture alone.
    init(_ texture: Texture, size: Int, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.texture = texture
        let others = Texture.allCases.filter { $0 != texture }
        other = others[random.below(others.count)]
        noise = Noise(seed: random.next())
        // One in eight is not square, like photographs from the field.
        let flat = random.below(8) == 0
        let units = random.uniform(5.5...10)
        view = View(
            width: size, height: flat ? max(8, size * 3 / 4) : size, scale: units / Double(size),
            along: Self.direction(&random),
            centre: SIMD2(random.uniform(-400...400), random.uniform(-400...400)))
        tone = Tone(
            brightness: random.uniform(0.36...0.66), contrast: random.uniform(0.65...1.15),
            cast: Colour(
                random.uniform(0.88...1.12), random.uniform(0.92...1.08),
                random.uniform(0.86...1.14)),
            saturation: random.uniform(0.35...0.9),
            light: Self.direction(&random) * random.uniform(0...0.28),
            blend: random.uniform(0...0.42))
    }

    /// A random unit vector, by rejection sampling. It needs no trigonometry, so the bits are the
    /// same on all systems.
    private static func direction(_ random: inout SplitMix64) -> SIMD2<Double> {
        while true {
            let point = SIMD2(random.uniform(-1...1), random.uniform(-1...1))
            let square = (point * point).sum()
            if square > 0.01 && square <= 1 { return point / square.squareRoot() }
        }
    }

    /// Draws the picture.
    func drawn() -> Picture {
        let faces = colours()
        let mean = faces.reduce(Colour.zero, +) / Double(faces.count)
        let grey = mean.sum() / 3
        var pixels: [UInt8] = []
        pixels.reserveCapacity(faces.count * 3)
        for (index, face) in faces.enumerated() {
            let u = Double(index % view.width) / Double(view.width) - 0.5
            let v = Double(index / view.width) / Double(view.height) - 0.5
            let light = 1 + u * tone.light.x + v * tone.light.y
            let luma = face.sum() / 3
            let muted = Colour(repeating: luma) + (face - luma) * tone.saturation
            let toned = (muted - grey) * tone.contrast + tone.brightness
            let lit = toned * tone.cast * light
            let dust = (noise.value(index % view.width, index / view.width, 99) - 0.5) * 0.03
            for channel in 0..<3 {
                pixels.append(UInt8(min(255, max(0, ((lit[channel] + dust) * 255).rounded()))))
            }
        }
        return Picture(width: view.width, height: view.height, pixels: pixels)
    }

    /// The colours of the face, row by row, before light and tone.
    private func colours() -> [Colour] {
        let mask = Noise(seed: noise.seed &+ 77)
        return (0..<view.width * view.height).map { index in
            let dx = (Double(index % view.width) - Double(view.width) / 2) * view.scale
            let dy = (Double(index / view.width) - Double(view.height) / 2) * view.scale
            let x = view.centre.x + dx * view.along.x - dy * view.along.y
            let y = view.centre.y + dx * view.along.y + dy * view.along.x
            let own = texture.colour(x, y, noise)
            let share = tone.blend * ramp(0.45, 0.75, mask.smooth(x * 0.3, y * 0.3))
            return share > 0 ? mix(own, other.colour(x, y, mask), share) : own
        }
    }
}
