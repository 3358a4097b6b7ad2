import Foundation
import Testing

@testable import Site

/// Colours and patterns of types that the style sheets do not know.
@Suite struct TypeColourTests {
    /// Coordinates of the corners of sRGB in OKLCH (W3C, CSS Color Module Level 4, sample code).
    @Test(arguments: [
        (0.6279554, 0.2576833, 29.2338812, "#ff0000"),
        (0.8664396, 0.2948272, 142.4953389, "#00ff00"),
        (0.4520137, 0.3132144, 264.0520206, "#0000ff"), (1, 0, 0, "#ffffff"), (0, 0, 0, "#000000"),
    ]) func `OKLCH becomes sRGB`(lightness: Double, chroma: Double, hue: Double, hex: String) {
        #expect(TypeColours.hex(lightness: lightness, chroma: chroma, hue: hue) == hex)
    }

    /// Relative luminance, by WCAG 2.2.
    private func luminance(_ hex: String) -> Double {
        let number = Int(hex.dropFirst(), radix: 16) ?? 0
        let channels = [16, 8, 0].map { shift -> Double in
            let value = Double(number >> shift & 255) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    private func contrast(_ one: String, _ other: String) -> Double {
        let (high, low) = (
            max(luminance(one), luminance(other)), min(luminance(one), luminance(other))
        )
        return (high + 0.05) / (low + 0.05)
    }

    @Test func `All 60 have a contrast of 3.3 to 1 with the paper`() {
        for number in 0..<60 {
            let look = TypeColours.look(number)
            #expect(contrast(look.light, "#f7f7f5") >= 3.3, "\(number)")
            #expect(contrast(look.dark, "#151616") >= 3.3, "\(number)")
        }
    }

    @Test func `No two of 60 look the same, and the first six have other hues and patterns`() {
        let looks = (0..<60).map(TypeColours.look)
        #expect(Set(looks.map { $0.light + $0.pattern }).count == 60)
        #expect(Set(looks.map { $0.dark + $0.pattern }).count == 60)
        #expect(Set(looks.prefix(6).map(\.pattern)).count == 6)
    }

    /// By the relative luminance of WCAG 2.2.
    @Test func `Twenty are told apart without colour, by pattern or by lightness`() {
        let looks = (0..<20).map(TypeColours.look)
        for (number, one) in looks.enumerated() {
            for other in looks.prefix(number) where one.pattern == other.pattern {
                #expect(abs(luminance(one.light) - luminance(other.light)) > 0.02, "\(number)")
                #expect(abs(luminance(one.dark) - luminance(other.dark)) > 0.02, "\(number)")
            }
        }
        let symbols = TypeSigns.symbols((0..<20).map { "type \($0)" })
        #expect(Set(symbols).count == 20)
    }
}
