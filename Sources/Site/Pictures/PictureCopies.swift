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
        -> (bytes: [UInt8], data: CopiedData)
    {
        guard let format = PictureFormat(of: file) else { return (file, CopiedData()) }
        let size = largest == nil ? (width: 1, height: 1) : try Picture.size(of: file)
        let cleaned = CleanedPicture(file)
        let isCodedAgain = codesAgain(format, width: size.width, height: size.height)
        let data = data(of: cleaned.removed, isCodedAgain: isCodedAgain)
        if isCodedAgain {
            return (try reduced(file, format, to: largest ?? Self.largestConverted, memory), data)
        }
        return (try Picture.readableByBrowsers(keepsMetadata ? file : cleaned.bytes), data)
    }

    /// What becomes of the data in the file of a picture of the collection.
    package func data(of embedded: RemovedData, in image: ImageRecord) -> CopiedData {
        data(
            of: embedded,
            isCodedAgain: codesAgain(image.format, width: image.width, height: image.height))
    }

    private func data(of embedded: RemovedData, isCodedAgain: Bool) -> CopiedData {
        keepsMetadata && !isCodedAgain ? CopiedData(kept: embedded) : CopiedData(removed: embedded)
    }

    /// Whether the page of a picture loads a preview of its published copy first.
    func hasPreview(_ image: ImageRecord) -> Bool {
        guard Preview.size(width: image.width, height: image.height) != nil else { return false }
        return (largest ?? Preview.longest + 1) > Preview.longest
    }

    /// Whether the copy of a picture is larger than the limit, or in a format that not every browser
    /// shows.
    private func codesAgain(_ format: PictureFormat, width: Int, height: Int) -> Bool {
        format.published(width: width, height: height) != format
            || largest.map { max(width, height) > $0 } ?? false
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
    ///   - copies: of all pictures that are published.
    ///   - settings: path of the settings.
    package func note(of copies: [CopiedData], settings: String) -> String? {
        let removed = RemovedCount(copies.map(\.removed))
        let kept = RemovedCount(copies.map(\.kept))
        if keepsMetadata { return note(kept: kept, removed: removed, settings) }
        guard removed.pictures > 0 else { return nil }
        let what =
            removed.positions == 0
            ? "Data of cameras and programs were removed from the published copies of "
                + counted(removed.pictures, "picture")
            : "Positions were removed from the published copies of "
                + counted(removed.positions, "picture")
                + ", and other data of cameras and programs from \(removed.pictures)"
        return "\(what). To publish them, write \"metadata: keep\" into \(settings)."
    }

    private func note(kept: RemovedCount, removed: RemovedCount, _ settings: String) -> String? {
        var sentences: [String] = []
        if kept.pictures > 0 {
            let positions = kept.positions == 0 ? "" : ", \(kept.positions) of them a position"
            sentences.append(
                "\(counted(kept.pictures, "published picture")) "
                    + "\(kept.pictures == 1 ? "keeps" : "keep") data of cameras and programs"
                    + "\(positions), because \(settings) says \"metadata: keep\".")
        }
        if removed.pictures > 0 {
            let isOne = removed.pictures == 1
            sentences.append(
                "\(counted(removed.pictures, "published picture")) \(isOne ? "has" : "have") none of "
                    + (kept.pictures > 0 ? "these data" : "the data of cameras and programs")
                    + ", because \(isOne ? "it was" : "they were") converted or reduced.")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }
}
