package import AtlasModel
import Files
import Foundation
import HDF5
package import Parallel
import Tables

extension Catalogue {
    /// Writes the labelled pictures as `dataset.h5`: `X_Train_Orig (n, 28, 28, 3) uint8`,
    /// `Y_Train_Orig` and `keys_train` as fixed-length strings; the same for `Dev` and `Test`; all
    /// compressed with gzip.
    ///
    /// - Parameter turns: also writes `vectors (4 · images, 2352)`: each picture of the collection,
    ///   in key order, at 0, 90, 180 and 270 degrees counter-clockwise.
    /// - Throws: `HDF5Error.notWritten`.
    package func writeDataset(
        to path: String, rockTypes: [RockType], turns: Bool, workers: Workers
    ) throws {
        try HDF5File.write(path) { file in
            for (split, name) in [(Split.train, "Train"), (.dev, "Dev"), (.test, "Test")] {
                let indices = labelled(in: split)
                let side = ModelVectors.side
                try file.compressedNumbers(
                    "X_\(name)_Orig", shape: [indices.count, side, side, 3], rows: Self.rows,
                    workers: workers, values: { vectors.selecting(Array(indices[$0])).bytes })
                try file.strings(
                    "Y_\(name)_Orig",
                    indices.compactMap { images[$0].label }.map { rockTypes[$0].label })
                try file.strings("keys_\(split.rawValue)", indices.map { images[$0].key })
            }
            if turns {
                try file.compressedNumbers(
                    "vectors", shape: [vectors.count * 4, ModelVectors.length], rows: Self.rows,
                    workers: workers,
                    values: { rows in
                        rows.flatMap { vectors.turned($0 / 4, quarterTurns: $0 % 4) }
                    })
            }
        }
    }

    /// Rows of a compressed chunk.
    private static let rows = 64

    /// Writes a table of the pictures: key, path, label, split, width, height, bytes, format, digest.
    /// - Throws: `CatalogError.notWritten`.
    package func writeMetadata(to path: String, rockTypes: [RockType]) throws {
        var text = CSV.line([
            "key", "path", "label", "split", "width", "height", "bytes", "format", "digest",
        ])
        for image in images {
            text += CSV.line([
                image.key, image.path, image.label.map { rockTypes[$0].label } ?? "",
                image.split.rawValue, "\(image.width)", "\(image.height)", "\(image.byteCount)",
                image.format.rawValue, image.digest,
            ])
        }
        do {
            try AtomicFile.write(Array(text.utf8), to: path, durably: false)
        } catch {
            throw CatalogError.notWritten(path: path, reason: error.reason)
        }
    }
}
