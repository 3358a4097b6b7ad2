import AtlasModel
import Foundation
import Tables

/// Labels that geologists corrected: `key,label,reason` lines that replace the labels of the folders.
package struct Corrections: Sendable {
    private var entries: [String: Entry] = [:]
    let path: String
    /// Errata for lines that are not valid.
    private(set) var errata: [Erratum] = []

    private struct Entry {
        let label: String
        let reason: String
    }

    /// No corrections.
    package init() { path = "" }

    /// Reads a table with the header `key,label,reason` (RFC 4180).
    /// - Parameter path: the file, for errata.
    package init(csv text: String, path: String) {
        self.path = path
        var lines: [String: Int] = [:]
        for (number, row) in CSV.numberedRows(of: text).enumerated() {
            let fields = row.fields
            if number == 0 && fields.first?.lowercased() == "key" { continue }
            guard fields.count >= 2, !fields[0].isEmpty, !fields[1].isEmpty else {
                errata.append(Erratum(path: path, KeyFault.unreadableLine(row.line).finding))
                continue
            }
            let key = Self.canonical(fields[0])
            if let earlier = lines.updateValue(row.line, forKey: key) {
                let fault = KeyFault.twice(key: key, earlier, row.line)
                errata.append(Erratum(path: path, fault.finding))
            }
            entries[key] = Entry(
                label: fields[1].lowercased(), reason: fields.count > 2 ? fields[2] : "")
        }
    }

    /// `andesite.012L6` is accepted for `andesite/012L6`.
    private static func canonical(_ key: String) -> String {
        guard !key.contains("/"), let dot = key.firstIndex(of: ".") else { return key }
        return key[..<dot] + "/" + key[key.index(after: dot)...]
    }

    /// The correction of a picture; `nil` when there is none, or when its label is not a class.
    func correction(of key: String, folder: Int?, _ classes: [String: Int]) -> LabelCorrection? {
        guard let entry = entries[key], let label = classes[entry.label] else { return nil }
        return LabelCorrection(key: key, folder: folder, label: label, reason: entry.reason)
    }

    /// Corrections that name an unknown picture or type.
    func unmatched(keys: Set<String>, _ classes: [String: Int]) -> [Erratum] {
        entries.sorted { $0.key < $1.key }.compactMap { key, entry in
            if !keys.contains(key) {
                return Erratum(path: path, KeyFault.noPicture(key: key).finding)
            }
            if classes[entry.label] == nil {
                return Erratum(path: path, KeyFault.noType(label: entry.label, key: key).finding)
            }
            return nil
        }
    }
}
