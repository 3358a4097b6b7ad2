import Archives
import AtlasModel
import Files
import Foundation
package import Parallel
import RandomNumbers
import Raster

/// A collection that the program draws, to try it without own pictures.
package struct SampleCollection: Sendable {
    /// Pictures of each of the six types.
    package let perType: Int
    /// Pixels along a side of a picture.
    package let size: Int
    package let seed: UInt64

    package init(perType: Int, size: Int, seed: UInt64) {
        self.perType = perType
        self.size = size
        self.seed = seed
    }

    /// Draws the pictures into a folder, or into a zip archive if `path` ends in `.zip`. Two of
    /// three are JPEG files and the others PNG files, with names like `andesite/an-0001.jpg`.
    ///
    /// The same seed, size and number give the same bytes for any number of workers.
    ///
    ///     try SampleCollection(perType: 20, size: 96, seed: 0).write(to: "rocks", workers: Workers(2))
    ///     // 120
    ///
    /// - Returns: the number of pictures.
    /// - Throws: `CatalogError.notEmpty` when there is something at `path`, `.notWritten`.
    package func write(
        to path: String, workers: Workers, progress: ProgressReport? = nil
    ) throws -> Int {
        try Self.refuseToOverwrite(path)
        let textures = Texture.allCases
        let total = textures.count * perType
        let done = Counter(total: total, progress)
        let draw: @Sendable (Int) throws -> (name: String, bytes: [UInt8]) = { index in
            defer { done.step() }
            return try picture(index)
        }
        if path.lowercased().hasSuffix(".zip") {
            try OutputPlace.require(for: path)
            guard let archive = ZipWriter.archive(of: try workers.map(total, chunk: 4, draw)) else {
                throw CatalogError.notWritten(
                    path: path, reason: "a zip archive of the sample may have at most 4 GB")
            }
            try Self.write(archive, to: path)
        } else {
            for texture in textures { try Self.makeFolder("\(path)/\(texture.rawValue)") }
            try workers.forEachRange(of: total, chunk: 4) { range in
                for index in range {
                    let file = try draw(index)
                    try Self.write(file.bytes, to: "\(path)/\(file.name)")
                }
            }
        }
        return total
    }

    private func picture(_ index: Int) throws -> (name: String, bytes: [UInt8]) {
        let texture = Texture.allCases[index / perType]
        let number = index % perType + 1
        let own = SplitMix64.mixed(
            seed &* 0x9E37_79B9 &+ UInt64(index / perType) << 32 &+ UInt64(number))
        let picture = SamplePicture(texture, size: size, seed: own).drawn()
        let digits = String(number)
        let stem =
            "\(texture.rawValue.prefix(2))-"
            + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let name = "\(texture.rawValue)/\(stem)"
        let format: PictureFormat = number % 3 == 0 ? .png : .jpeg
        return (
            "\(name).\(format.fileExtension)", try picture.encoded(as: format, quality: 88)
        )
    }

    private static func refuseToOverwrite(_ path: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return }
        let isEmpty = (try? files.contentsOfDirectory(atPath: path).isEmpty) == true
        if !isEmpty { throw CatalogError.notEmpty(path: path) }
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CatalogError.notWritten(path: path, reason: systemReason(of: error))
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw CatalogError.notWritten(path: path, reason: systemReason(of: error))
        }
    }
}
