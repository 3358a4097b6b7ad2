/// Colour of a mineral, each channel 0...1.
typealias Colour = SIMD3<Double>

/// The textures of six rocks, as functions of a position on the rock face. One unit is about a
/// centimetre.
///
/// The features are those of any field handbook: phenocrysts in a fine groundmass, bands, veins in
/// a pale mass, a mosaic of grains, contorted flow lines, mica sheets around garnets.
enum Texture: String, CaseIterable {
    case andesite, gneiss, marble, quartzite, rhyolite, schist

    func colour(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        switch self {
        case .andesite: andesite(x, y, noise)
        case .gneiss: gneiss(x, y, noise)
        case .marble: marble(x, y, noise)
        case .quartzite: quartzite(x, y, noise)
        case .rhyolite: rhyolite(x, y, noise)
        case .schist: schist(x, y, noise)
        }
    }

    /// Porphyritic: zoned plagioclase laths and dark hornblende in a grey groundmass.
    private func andesite(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let mass = 0.34 + 0.16 * noise.fractal(x * 5, y * 5) + 0.08 * noise.smooth(x * 22, y * 22)
        var colour = Colour(mass, mass, mass * 1.03)
        let dark = Noise(seed: noise.seed &+ 11).grains(
            x * 1.1, y * 1.1, .init(length: 0.25...0.5, aspect: 0.42, chance: 0.6, square: true))
        colour = mix(
            colour, Colour(0.1, 0.11, 0.1) * (0.8 + 0.5 * dark.own), ramp(0, 0.1, dark.inside))
        let lath = Noise(seed: noise.seed &+ 12).grains(
            x * 0.95, y * 0.95, .init(length: 0.35...0.85, aspect: 0.36, chance: 0.85, square: true)
        )
        let zoned = 0.7 + 0.12 * wave(lath.inside * 2.5) + 0.12 * lath.own
        return mix(colour, Colour(zoned, zoned * 0.99, zoned * 0.95), ramp(0, 0.08, lath.inside))
    }

    /// Banded: light quartz and feldspar, dark biotite, gently folded.
    private func gneiss(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let folded =
            y + 1.1 * noise.fractal(x * 0.35, y * 0.3, octaves: 2)
            + 0.12 * noise.smooth(x * 1.5, y * 1.5)
        let band = Noise(seed: noise.seed &+ 21).smooth(3.7, folded * 1.25)
        let fine = Noise(seed: noise.seed &+ 22).smooth(1.3, folded * 4)
        let light = ramp(0.36, 0.6, band * 0.78 + fine * 0.22)
        let speckle = noise.smooth(x * 7, folded * 13)
        let pale = Colour(0.8, 0.74, 0.7) * (0.82 + 0.26 * speckle)
        let biotite = Colour(0.2, 0.19, 0.2) * (0.6 + 0.9 * speckle)
        return mix(biotite, pale, light)
    }

    /// Veined: a pale, cloudy mass with branching veins.
    private func marble(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let warpX = noise.fractal(x * 0.5 + 4, y * 0.5, octaves: 4) - 0.5
        let warpY = noise.fractal(x * 0.5, y * 0.5 + 9, octaves: 4) - 0.5
        let cloud = noise.fractal(x * 0.3 + warpX, y * 0.3 + warpY)
        let base = 0.74 + 0.26 * cloud
        let main = Noise(seed: noise.seed &+ 31).fractal(
            x * 0.28 + warpX * 1.6, y * 0.28 + warpY * 1.6, octaves: 3)
        let branch = Noise(seed: noise.seed &+ 32).fractal(
            x * 0.62 + warpY * 2, y * 0.62 + warpX * 2, octaves: 3)
        let vein = 1 - ramp(0.006, 0.045, abs(main - 0.5))
        let hair = (1 - ramp(0.003, 0.02, abs(branch - 0.5))) * 0.6
        let sugar = 0.97 + 0.06 * noise.smooth(x * 20, y * 20)
        let pale = Colour(base, base * 0.985, base * 0.96) * sugar
        return mix(pale, Colour(0.36, 0.35, 0.37), max(vein * 0.85, hair))
    }

    /// Sugary: interlocking glassy grains, here and there a stained joint.
    private func quartzite(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let bend = 0.25 * (noise.smooth(x * 3, y * 3) - 0.5)
        let grain = noise.cells(x * 1.5 + bend, y * 1.5 - bend)
        let glass = 0.5 + 0.42 * grain.own + 0.1 * ramp(0.1, 0.6, grain.nearest)
        let seam = 1 - ramp(0.02, 0.14, grain.second - grain.nearest)
        let fine = 0.94 + 0.12 * noise.smooth(x * 16, y * 16)
        let colour = Colour(glass * 1.02, glass * 0.97, glass * 0.9) * fine
        return mix(colour, Colour(0.4, 0.35, 0.3), seam * 0.55)
    }

    /// Flow-banded: thin contorted lines, small clear quartz.
    private func rhyolite(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let swirl = noise.fractal(x * 0.42, y * 0.42, octaves: 3) * 4.2
        let eddy = Noise(seed: noise.seed &+ 51).fractal(x * 0.9, y * 0.9, octaves: 2) * 1.1
        let flow = y * 0.55 + swirl + eddy
        let line = ramp(0.25, 0.75, wave(flow * 1.15))
        let hair = ramp(0.3, 0.7, wave(flow * 3.4))
        let tone = 0.46 + 0.26 * line + 0.08 * hair + 0.06 * noise.smooth(x * 14, y * 14)
        let colour = Colour(tone * 1.08, tone * 0.92, tone * 0.86)
        let eye = Noise(seed: noise.seed &+ 52).grains(
            x * 1.2, y * 1.2, .init(length: 0.12...0.24, aspect: 0.9, chance: 0.4, square: false))
        let rim = ramp(-0.25, 0, eye.inside) - ramp(0, 0.2, eye.inside)
        let clear = mix(colour, Colour(0.62, 0.63, 0.64), ramp(0, 0.2, eye.inside))
        return mix(clear, Colour(0.2, 0.17, 0.17), max(0, rim) * 0.7)
    }

    /// Foliated: fine sheets of mica with a sheen, bent around garnets.
    private func schist(_ x: Double, _ y: Double, _ noise: Noise) -> Colour {
        let garnet = Noise(seed: noise.seed &+ 61).grains(
            x * 0.55, y * 0.55, .init(length: 0.16...0.34, aspect: 0.92, chance: 0.6, square: false)
        )
        let around = 0.5 * ramp(-1.6, 0, garnet.inside)
        let sheet =
            y + around + 0.3 * noise.smooth(x * 0.7, y * 0.4) + 0.08 * wave(x * 0.8 + y * 0.2)
        let mica =
            noise.smooth(x * 1.1, sheet * 4.2) * 0.6
            + Noise(seed: noise.seed &+ 62).smooth(x * 2.4, sheet * 10) * 0.4
        let sheen = ramp(0.62, 0.85, mica)
        let tone = 0.26 + 0.42 * mica
        var colour = Colour(tone * 0.97, tone, tone * 0.97)
        colour = mix(colour, Colour(0.86, 0.86, 0.83), sheen * 0.75)
        let facet = 0.75 + 0.5 * garnet.inside
        return mix(colour, Colour(0.36, 0.14, 0.13) * facet, ramp(0, 0.12, garnet.inside))
    }
}

func mix(_ from: Colour, _ to: Colour, _ share: Double) -> Colour {
    from + (to - from) * share
}
