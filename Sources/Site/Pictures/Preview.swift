import Parallel
import Raster

/// The form of a photograph that its page loads first: at most 1,600 px wide and high. The whole
/// picture is loaded when it is enlarged.
enum Preview {
    static let longest = 1_600
    private static let quality = 85

    /// Size of the preview of a published picture; `nil` when that is not larger than its preview.
    ///
    ///     Preview.size(width: 4_000, height: 3_000)  // (1600, 1200)
    ///     Preview.size(width: 1_600, height: 900)    // nil
    static func size(width: Int, height: Int) -> (width: Int, height: Int)? {
        let side = max(width, height)
        guard side > longest else { return nil }
        func reduced(_ length: Int) -> Int { max(1, (length * longest + side / 2) / side) }
        return (reduced(width), reduced(height))
    }

    /// The preview of a stored file, upright.
    /// - Parameter memory: shared by all threads.
    static func picture(of file: [UInt8], memory: MemoryBudget? = nil) throws -> Picture {
        let request = PictureRequest(margin: 1, memory: memory) { width, height in
            size(width: width, height: height) ?? (width, height)
        }
        return try Picture.decode(file, request).picture
    }

    /// The JPEG of a preview.
    static func jpeg(of preview: Picture) throws -> [UInt8] {
        try preview.jpeg(quality: quality, fullChroma: false)
    }
}
