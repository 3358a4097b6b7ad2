package import AtlasModel
import Messages
import Raster

/// How the copies of pictures are made that readers get.
package struct PictureCopies: Sendable, Equatable {
    /// Whether data of cameras and programs stay in them.
    package var keepsMetadata = false
    /// Longest side in pixels of a copy; `nil` for the size of the file.
    package var largest: Int?

    /// Sides that a limit may have: at least that of a thumbnail.
    package static let sides = Thumbnail.widest...100_000
    /// JPEG quality of reduced copies.
    private static let quality = 92
    /// Raised when the same settings give other copies.
    private static let revision = 1

    package init(keepsMetadata: Bool = false, largest: Int? = nil) {
        self.keepsMetadata = keepsMetadata
        self.largest = largest
    }

    /// Stands for the settings in the source of a copy.
    var name: String {
        "original \(Self.revision) \(keepsMetadata ? "whole" : "cleaned") \(largest ?? 0)"
    }

    /// The copy of a file, which may be no picture. A picture that is not too large is not coded
    /// again. One that is has no metadata any more.
    /// - Throws: `RasterError` if there is a limit and a picture cannot be decoded.
    func copy(of file: [UInt8]) throws -> (bytes: [UInt8], removed: RemovedData) {
        let cleaned = CleanedPicture(file)
        if let largest, let format = PictureFormat(of: file) {
            let size = try Picture.size(of: file)
            let side = max(size.width, size.height)
            if side > largest {
                func reduced(_ length: Int) -> Int { max(1, (length * largest + side / 2) / side) }
                let picture = try Picture(decoding: file)
                    .resized(width: reduced(size.width), height: reduced(size.height))
                return (try picture.encoded(as: format, quality: Self.quality), cleaned.removed)
            }
        }
        return (keepsMetadata ? file : cleaned.bytes, cleaned.removed)
    }

    /// What to tell the author of an atlas; `nil` if there is nothing to tell.
    /// - Parameters:
    ///   - count: of all pictures that are published.
    ///   - settings: path of the settings.
    package func note(of count: RemovedCount, settings: String) -> String? {
        guard count.pictures > 0 else { return nil }
        let positions = counted(count.positions, "picture")
        if keepsMetadata {
            let pictures = counted(count.pictures, "published picture")
            return "\(pictures) \(count.pictures == 1 ? "keeps" : "keep") data of cameras and "
                + "programs, \(count.positions) of them a position, because \(settings) says "
                + "\"metadata: keep\"."
        }
        return "Positions were removed from the published copies of \(positions), and other data "
            + "of cameras and programs from \(count.pictures). To publish them, write "
            + "\"metadata: keep\" into \(settings)."
    }
}
