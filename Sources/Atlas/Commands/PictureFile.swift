import AtlasModel
import Catalog
import Foundation
import Raster
import Site

/// A single picture named on the command line.
struct PictureFile {
    let bytes: [UInt8]
    let vector: ModelVectors

    /// The picture in a smaller size for a page.
    func shown() throws -> Picture { try Picture.decode(bytes, LikenessPage.Image.request).picture }

    /// The descriptor of its texture.
    func texture() throws -> TextureVectors {
        let picture = try Picture.decode(bytes, TextureDescriptor.request(memory: nil)).picture
        return TextureVectors(
            FeatureVectors(
                values: TextureDescriptor.values(of: picture), width: TextureDescriptor.width),
            parts: TextureDescriptor.parts)
    }

    /// The picture at `path`; `nil` for a folder or zip archive.
    /// - Parameter warn: receives what is to be told about a picture that is used, such as damage.
    /// - Throws: `CatalogError.missing`, `.unreadable`, `.notAPicture`, `.tooLarge`, `RasterError`.
    static func read(_ path: String, warn: (String) -> Void) throws -> PictureFile? {
        var status = stat()
        guard stat(path, &status) == 0 else { throw CatalogError.missing(path: path) }
        if status.st_mode & S_IFMT == S_IFDIR { return nil }
        // Opening a named pipe would block until another process writes to it, and a device may
        // have no end.
        guard status.st_mode & S_IFMT == S_IFREG else { throw CatalogError.notAPicture(path: path) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CatalogError.unreadable(path: path, reason: "no permission")
        }
        defer { file.closeFile() }
        // An archive may be far larger than memory, so only its first bytes are read.
        let head = file.readData(ofLength: 2)
        if head.elementsEqual("PK".utf8) { return nil }
        guard Int(status.st_size) <= Collection.byteLimit else {
            throw CatalogError.tooLarge(path: path, limit: Collection.byteLimit)
        }
        let bytes = [UInt8](head + file.readDataToEndOfFile())
        if GitLFS.isPointer(bytes) { throw CatalogError.pointer(path: path) }
        let decoded = try Picture.decode(bytes, .modelVector(memory: nil))
        for remark in decoded.remarks { warn("\(Erratum(path: path, remark.finding))") }
        return PictureFile(bytes: bytes, vector: ModelVectors(bytes: decoded.picture.pixels))
    }
}
