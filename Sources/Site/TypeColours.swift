import Foundation

/// Colours and patterns for rock types that neither the style sheets nor `atlas.yml` know.
///
/// Neighbours in the list of types get hues that are far apart. As there may be 60 types, and nobody
/// tells 60 colours apart, lightness and pattern change as well, and every type has its symbol.
package enum TypeColours {
    /// A colour for light and one for dark pages, as `#rrggbb`, and a CSS variable with a pattern.
    package struct Look: Equatable {
        package let light: String
        package let dark: String
        let pattern: String
    }

    /// The angle that divides a full turn by the golden ratio, in degrees: multiples of it never
    /// come close to each other soon.
    private static let goldenAngle = 137.507_764

    /// The hue of the first type, a blue. Reference types have their own colours, so this only sets
    /// where the sequence begins.
    private static let firstHue = 250.0

    /// Lightness on light and on dark pages. All have a contrast of at least 3.3 to 1 with the paper
    /// of `tokens.css` at every hue, which a test calculates.
    private static let lightness = [(light: 0.52, dark: 0.72), (0.40, 0.82), (0.58, 0.65)]
    private static let chroma = 0.12

    /// Patterns of `tokens.css`.
    private static let patterns = [
        "lines", "gneiss", "quartzite", "marble", "schist", "rhyolite", "andesite",
    ]

    /// The looks of types in the order of their pages; `nil` for a type that style sheets know.
    package static func looks(of labels: [String]) -> [Look?] {
        var others = 0
        return labels.map { label in
            guard !TypeSigns.styled.contains(label) else { return nil }
            defer { others += 1 }
            return look(others)
        }
    }

    /// The look of a type.
    ///
    ///     TypeColours.look(0)  // a blue with diagonal lines
    /// - Parameter number: its place among the types that need one, from 0.
    static func look(_ number: Int) -> Look {
        let hue = (firstHue + Double(number) * goldenAngle).truncatingRemainder(dividingBy: 360)
        let (light, dark) = lightness[number % lightness.count]
        return Look(
            light: hex(lightness: light, chroma: chroma, hue: hue),
            dark: hex(lightness: dark, chroma: chroma, hue: hue),
            pattern: "--p-" + patterns[number % patterns.count])
    }

    /// A colour of the space OKLCH as sRGB. Values outside the range of sRGB are clipped.
    ///
    ///     TypeColours.hex(lightness: 0.6279554, chroma: 0.2576833, hue: 29.2338812)  // "#ff0000"
    ///
    /// The matrices are those of B. Ottosson, "A perceptual color space for image processing" (2020),
    /// and the last curve is that of IEC 61966-2-1.
    static func hex(lightness: Double, chroma: Double, hue: Double) -> String {
        let angle = hue * .pi / 180
        let (a, b) = (chroma * cos(angle), chroma * sin(angle))
        let long = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b)
        let middle = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b)
        let short = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b)
        let linear = [
            4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701_0 * short,
        ]
        return "#"
            + linear.map { channel in
                let digits = String(Int((255 * encoded(channel)).rounded()), radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
    }

    private static func cube(_ value: Double) -> Double { value * value * value }

    private static func encoded(_ linear: Double) -> Double {
        let value = min(1, max(0, linear))
        return value <= 0.003_130_8 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
    }
}
