import AtlasModel
import Files
import Foundation

/// Reading and checking the files of a trial.
enum ReviewJSON {
    /// - Parameter models: the likeness models that the file may name.
    static func decoded<File: Decodable>(_ path: String, models: [LikenessModel])
        throws(ReviewError) -> File
    {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .unreadable(path: path, reason: systemReason(of: error))
        }
        let decoder = JSONDecoder()
        decoder.userInfo[.likenessModels] = models
        do {
            return try decoder.decode(File.self, from: data)
        } catch let error as DecodingError {
            throw .damaged(path: path, reason: "\(JSONFault(error))")
        } catch {
            throw .damaged(path: path, reason: "\(error)")
        }
    }

    static func requireName(_ text: String, of key: String, in path: String) throws(ReviewError) {
        guard RandomName.isWellFormed(text) else {
            throw .damaged(
                path: path, reason: "\"\(text)\" in \"\(key)\" is not 16 hexadecimal digits")
        }
    }

    static func encoded(_ file: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(file)) + [UInt8(ascii: "\n")]
        } catch {
            preconditionFailure("Text and whole numbers can always be written as JSON: \(error)")
        }
    }
}
