package import AtlasModel
import Messages
import Parallel
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
    /// Longest side of a copy that has to be coded again, without a limit in the settings. Browsers do
    /// not show much larger JPEG pictures on telephones.
    static let largestConverted = 4_096
    /// Raised when the same settings give other copies.
    private static let revision = 2

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
    /// - Parameter memory: shared by all threads.
    func copy(of file: [UInt8], memory: MemoryBudget? = nil) throws
        -> (bytes: [UInt8], removed: RemovedData)
    {
        let cleaned = CleanedPicture(file)
        guard let format = PictureFormat(of: file) else { return (file, []) }
        let isConverted = format.published(width: 1, height: 1) != format
        let isTooLarge: Bool
        if let largest, !isConverted {
            let size = try Picture.size(of: file)
            isTooLarge = max(size.width, size.height) > largest
        } else {
            isTooLarge = false
        }
        if isConverted || isTooLarge {
            let bytes = try reduced(file, format, to: largest ?? Self.largestConverted, memory)
            return (bytes, cleaned.removed)
        }
        let bytes = keepsMetadata ? file : cleaned.bytes
        return (try Picture.readableByBrowsers(bytes), cleaned.removed)
    }

    /// The picture with sides of at most `longest`, in the format for its stored size.
    private func reduced(
        _ file: [UInt8], _ format: PictureFormat, to longest: Int, _ memory: MemoryBudget?
    ) throws -> [UInt8] {
        let decoded = try Picture.decode(
            file,
            PictureRequest(margin: 2, memory: memory) { width, height in
                let side = max(width, height)
                guard side > longest else { return (width, height) }
                func reduced(_ length: Int) -> Int { max(1, (length * longest + side / 2) / side) }
                return (reduced(width), reduced(height))
            })
        let published = format.published(width: decoded.width, height: decoded.height)
        // With colour at full resolution, because the file may be a drawing or a micrograph.
        return published == .jpeg
            ? try decoded.picture.jpeg(quality: Self.quality, fullChroma: format != .jpeg)
            : try decoded.picture.encoded(as: published, quality: Self.quality)
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
