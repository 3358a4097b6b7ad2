/// How the bytes of a row stand for pixels.
enum PixelLayout {
    case rgb
    /// With an alpha that is independent of the colours.
    case rgba
    /// Colours that were multiplied by their alpha.
    case multipliedRGBA
    /// Inks, 255 for full.
    case cmyk
    /// Inks, 0 for full, as Adobe's programs write them.
    case invertedCMYK

    var channels: Int { self == .rgb ? 3 : 4 }
}

/// Makes RGB rows of the rows that a decoder gives: blends transparency with white, mixes inks, and
/// converts colours from the picture's profile to sRGB.
struct PixelRows {
    private let layout: PixelLayout
    private let profile: ColourProfile?
    /// A row as the profile gives it, and as RGB.
    private var converted: [UInt8]
    private var row: [UInt8]

    /// - Parameters:
    ///   - width: of the rows in pixels.
    ///   - profile: `nil` for sRGB.
    init(_ layout: PixelLayout, width: Int, profile: ColourProfile?) {
        self.layout = layout
        self.profile = profile
        let needsRow = layout != .rgb
        row = [UInt8](repeating: 0, count: needsRow ? width * 3 : 0)
        converted = [UInt8](repeating: 0, count: profile == nil ? 0 : width * layout.channels)
    }

    /// Calls `body` with the row as `(n, 3)` red, green and blue.
    mutating func withRGB(
        _ stored: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        let count = stored.count / layout.channels
        guard let profile else { return Self.mix(stored, layout, count, into: &row, body) }
        converted.withUnsafeMutableBufferPointer { profile.convert(stored, into: $0, count: count) }
        converted.withUnsafeBufferPointer { colours in
            // A profile of inks gives RGB.
            let isMixed = layout == .cmyk || layout == .invertedCMYK
            let used = isMixed ? count * 3 : count * layout.channels
            Self.mix(
                UnsafeBufferPointer(rebasing: colours[..<used]), isMixed ? .rgb : layout, count,
                into: &row, body)
        }
    }

    private static func mix(
        _ stored: UnsafeBufferPointer<UInt8>, _ layout: PixelLayout, _ count: Int,
        into row: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        if layout == .rgb { return body(stored) }
        row.withUnsafeMutableBufferPointer { row in
            for pixel in 0..<count {
                let fourth = Int(stored[pixel * 4 + 3])
                for channel in 0..<3 {
                    row[pixel * 3 + channel] = mixed(
                        Int(stored[pixel * 4 + channel]), fourth, layout)
                }
            }
            body(UnsafeBufferPointer(rebasing: row[..<(count * 3)]))
        }
    }

    /// One channel of a pixel, halves rounded up.
    /// - Parameter fourth: alpha or black.
    @inline(__always)
    private static func mixed(_ value: Int, _ fourth: Int, _ layout: PixelLayout) -> UInt8 {
        switch layout {
        case .rgb: UInt8(value)
        case .rgba where fourth == 255: UInt8(value)
        case .rgba where fourth == 0: 255
        case .rgba: UInt8((value * fourth + 255 * (255 - fourth) + 127) / 255)
        case .multipliedRGBA: UInt8(min(255, value + 255 - fourth))
        case .cmyk: UInt8(((255 - value) * (255 - fourth) + 127) / 255)
        case .invertedCMYK: UInt8((value * fourth + 127) / 255)
        }
    }
}
