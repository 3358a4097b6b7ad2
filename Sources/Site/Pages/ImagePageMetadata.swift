import AtlasModel
import Foundation
import Templates

/// Metadata as facts of a page.
struct MetadataFacts {
    let facts: [Value]
    /// About what they take of the page.
    let bytes: Int
}

extension Pages {
    /// Most bytes of metadata on the page of a picture, so that a long table makes no heavy page. The
    /// lists of metadata have everything.
    static let shownMetadata = 950
    /// Most letters of one value.
    private static let longestValue = 300

    /// What is known of a picture, as facts of its page.
    /// - Parameter limit: bytes of the page that they may take.
    func metadataFacts(_ index: Int, bytes limit: Int) -> MetadataFacts {
        let metadata = edition.metadata
        var facts: [Value] = []
        var used = 0
        var left = 0
        func add(_ name: String, _ value: String) {
            let size = Self.written(name) + Self.written(value) + Self.frame
            if left > 0 || used + size > limit - Self.more {
                left += 1
            } else {
                used += size
                facts.append(fact(name, value))
            }
        }
        for (place, field) in metadata.fields.enumerated() {
            var value = metadata.values[place][index]
            if value.isEmpty { continue }
            switch field.kind {
            case .latitude:
                if let position = position(index) {
                    add("Position", position)
                } else {
                    add(field.name, value)
                }
            case .longitude where position(index) != nil: break
            case .depthFrom:
                add("Depth", depth(index))
            case .depthTo where metadata.value(.depthFrom, of: index) != nil: break
            // Shown at the picture.
            case .scale: break
            case .title, .description, .locality, .longitude, .date, .collector, .sample, .specimen,
                .hole, .depthTo, .photoType, .licence, .camera, .other:
                let shown = value.shortened(to: Self.longestValue)
                if shown != value { value = shown + "…" }
                add(field.name, value)
            }
        }
        if left > 0 {
            facts.append(
                fact("More", "\(Figures.counted(left, "value", "values")) in metadata.csv"))
        }
        return MetadataFacts(facts: facts, bytes: used + Self.more)
    }

    /// Bytes of a text in HTML, where four signs are written as references.
    private static func written(_ text: String) -> Int {
        text.utf8.reduce(0) { bytes, byte in
            switch byte {
            case UInt8(ascii: "&"), UInt8(ascii: "'"): bytes + 5
            case UInt8(ascii: "<"), UInt8(ascii: ">"): bytes + 4
            case UInt8(ascii: "\""): bytes + 6
            default: bytes + 1
            }
        }
    }

    /// Bytes of tags for each fact, and of the line that counts the others.
    private static let frame = 10
    private static let more = 45

    /// `46.98765° N, 8.12346° E`; `nil` unless both are known.
    private func position(_ index: Int) -> String? {
        let metadata = edition.metadata
        guard let latitude = metadata.value(.latitude, of: index),
            let longitude = metadata.value(.longitude, of: index)
        else { return nil }
        func side(_ value: String, _ positive: String, _ negative: String) -> String {
            value.hasPrefix("-")
                ? "\(value.dropFirst())°\(Figures.thin)\(negative)"
                : "\(value)°\(Figures.thin)\(positive)"
        }
        return side(latitude, "N", "S") + ", " + side(longitude, "E", "W")
    }

    private func depth(_ index: Int) -> String {
        let metadata = edition.metadata
        let from = metadata.value(.depthFrom, of: index) ?? ""
        guard let to = metadata.value(.depthTo, of: index), to != from else {
            return "\(from)\(Figures.thin)m"
        }
        return "\(from) to \(to)\(Figures.thin)m"
    }

    /// Other pictures of a picture's specimen, as a list with one value; empty without any.
    func sameSpecimen(_ index: Int) -> [Value] {
        guard let members = layout.specimens[index] else { return [] }
        let others = members.filter { $0 != index }
        let more = others.count - Self.shownOfSpecimen
        let name = edition.metadata.value(.specimen, of: index) ?? ""
        let count = Figures.counted(others.count, "other picture", "other pictures")
        return [
            [
                "summary": .text("Same specimen (\(name.prefix(40))): \(count)"),
                "pictures": .list(
                    others.prefix(Self.shownOfSpecimen).map { other in
                        [
                            "href": .text(layout.link(from: index, to: other)),
                            "stem": .text(edition.images[other].stem),
                        ]
                    }),
                "more": .text(more > 0 ? "and \(Figures.count(more)) more" : ""),
            ]
        ]
    }

    /// Most pictures of a specimen that a page lists.
    static let shownOfSpecimen = 8

    /// The bar scale in millimetres, as a list with one value; empty where the scale is not known.
    func millimetres(_ index: Int) -> [Value] {
        guard let scale = edition.metadata.number(.scale, of: index),
            let bar = FieldScale(millimetresPerPixel: scale, width: edition.images[index].width)
        else { return [] }
        return [
            [
                "share": .text(Figures.decimal(100 * bar.share, places: 2)),
                "length": .text(bar.text),
                "pixel": .text(
                    "1 pixel is \(MetadataNumber.short(scale))\(Figures.thin)mm"),
            ]
        ]
    }
}

/// A bar of round length beside a picture whose scale is known.
struct FieldScale: Equatable {
    /// Length as a share of the width of the picture, more than 0.4 and at most 1.
    let share: Double
    /// Its length: `20 mm`, or `2 m` from a metre on.
    let text: String

    /// The longest bar of 1, 2 or 5 times a power of ten millimetres that is not wider than the
    /// picture.
    ///
    ///     FieldScale(millimetresPerPixel: 0.05, width: 448)  // 20 mm, 89 % of 22.4 mm
    ///
    /// `nil` if the numbers are not positive.
    init?(millimetresPerPixel: Double, width: Int) {
        let whole = millimetresPerPixel * Double(width)
        guard whole > 0, whole.isFinite else { return nil }
        let unit = pow(10, floor(log10(whole)))
        // The tolerance lets 0.1 · 200 be 20.
        let steps = [1.0, 2, 5, 10].filter { $0 * unit <= whole * (1 + 1e-9) }
        let length = (steps.last ?? 1) * unit
        share = min(1, length / whole)
        text =
            length >= 1_000
            ? "\(MetadataNumber.short(length / 1_000))\(Figures.thin)m"
            : "\(MetadataNumber.short(length))\(Figures.thin)mm"
    }
}

/// Numbers of metadata in texts.
enum MetadataNumber {
    /// With at most six significant digits.
    static func short(_ number: Double) -> String {
        let text = String(format: "%.6g", number)
        guard text.contains("e") else { return text }
        var plain = String(format: "%.9f", number)
        while plain.hasSuffix("0") { plain.removeLast() }
        return plain.hasSuffix(".") ? String(plain.dropLast()) : plain
    }
}
