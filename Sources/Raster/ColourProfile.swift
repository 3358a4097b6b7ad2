internal import CLCMS

/// A conversion from the colours of an ICC profile to sRGB, by Little CMS.
///
/// Colours are converted with relative colorimetric intent and black-point compensation, as browsers
/// and most programs for photographs do.
final class ColourProfile {
    private let transform: cmsHTRANSFORM
    private let hasAlpha: Bool

    /// - Returns: `nil` when the profile is sRGB, damaged, or for pictures of another kind: then the
    ///   colours are taken for sRGB.
    init?(icc profile: UnsafeRawBufferPointer, layout: PixelLayout) {
        guard profile.count <= UInt32.max,
            let source = cmsOpenProfileFromMem(profile.baseAddress, UInt32(profile.count))
        else { return nil }
        defer { cmsCloseProfile(source) }
        let space = cmsGetColorSpace(source)
        let isGrey = space == cmsSigGrayData
        let format: (from: cmsUInt32Number, to: cmsUInt32Number)
        switch layout {
        case .rgb where isGrey: format = (geoatlas_grey, geoatlas_rgb)
        case .rgba where isGrey: format = (geoatlas_grey_alpha, geoatlas_rgba)
        case .rgb where space == cmsSigRgbData: format = (geoatlas_rgb, geoatlas_rgb)
        case .rgba where space == cmsSigRgbData: format = (geoatlas_rgba, geoatlas_rgba)
        case .cmyk where space == cmsSigCmykData: format = (geoatlas_cmyk, geoatlas_rgb)
        case .invertedCMYK where space == cmsSigCmykData:
            format = (geoatlas_inverted_cmyk, geoatlas_rgb)
        default: return nil
        }
        if space == cmsSigRgbData, Self.isSRGB(source) { return nil }
        let target = cmsCreate_sRGBProfile()
        defer { cmsCloseProfile(target) }
        guard
            let transform = cmsCreateTransform(
                source, format.from, target, format.to,
                cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC),
                cmsUInt32Number(cmsFLAGS_BLACKPOINTCOMPENSATION))
        else { return nil }
        self.transform = transform
        hasAlpha = layout == .rgba
    }

    deinit { cmsDeleteTransform(transform) }

    /// Whether the description of a profile says that it is sRGB. Converting such colours could only
    /// add rounding errors.
    private static func isSRGB(_ profile: cmsHPROFILE) -> Bool {
        var text = [CChar](repeating: 0, count: 256)
        let length = cmsGetProfileInfoASCII(
            profile, cmsInfoDescription, "en", "US", &text, UInt32(text.count - 1))
        guard length > 0 else { return false }
        let description = String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return description.contains("sRGB")
    }

    /// Converts `count` pixels.
    func convert(
        _ stored: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>,
        count: Int
    ) {
        cmsDoTransform(transform, stored.baseAddress, target.baseAddress, UInt32(count))
        guard hasAlpha else { return }
        for pixel in 0..<count { target[pixel * 4 + 3] = stored[pixel * 4 + 3] }
    }
}
