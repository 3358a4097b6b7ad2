import AtlasModel
import Fingerprint
import Parallel

/// What the light table says of the pictures that can be pinned on it, in scripts that it loads when a
/// picture is pinned. `gneiss/pins-a.js` holds the pictures of the folder `gneiss` whose shard begins
/// with `a`:
///
///     GEO.pinned["gneiss/a"] = {label: "gneiss", items: {"ab/10nfi": [value, …], …}};
///
/// The values are those of `PinValue`, in its order; `templates/table.js` gives them the same names. A
/// script of a fixed name, whose pictures depend on their keys only, stays as it is when pictures of
/// others come or go.
struct PinData {
    let layout: Layout
    let copies: PictureCopies

    private var edition: Edition { layout.edition }

    /// What the page loads itself:
    ///
    ///     GEO.types = …;
    ///     GEO.measures = [[["K-Means", "Pairwise"], "1 − the correlation …"], …];
    ///     GEO.pinned = {};
    var common: File {
        var script = Script()
        layout.addTypes(to: &script)
        script.add("GEO.measures=")
        script.add(list: measures) { script, measure in
            script.add("[")
            script.add(list: measure.titles) { $0.add(text: $1) }
            script.add(",")
            script.add(text: measure.words)
            script.add("]")
        }
        script.add(";\nGEO.pinned={};\n")
        return script.file("table")
    }

    /// The scripts with the pictures.
    func stream(_ workers: Workers) throws -> FileStream {
        let measures = measures
        let marks = PictureMarks(edition.images.map(\.key))
        var members: [String: [Int]] = [:]
        for (index, place) in layout.paths.places.enumerated() {
            members["\(place.folder)/\(place.shard.prefix(1))", default: []].append(index)
        }
        let names = members.keys.sorted()
        let groups = names.map { members[$0, default: []] }
        return FileStream(
            paths: names.map(Self.path),
            sources: try workers.map(names.count) {
                source(names[$0], groups[$0], measures, marks)
            },
            make: { script(names[$0], groups[$0], measures, marks) })
    }

    private static func path(_ name: String) -> String {
        "\(name.replacing("/", with: "/pins-")).js"
    }

    /// A digest of everything that `script` shows.
    private func source(
        _ name: String, _ members: [Int], _ measures: [MeasuredPairs], _ marks: PictureMarks
    ) -> Fingerprint {
        var source = SourceDigest()
        source.add(name)
        source.add(members.first.map { edition.images[$0].key.labelOfKey } ?? "")
        source.add(measures.count)
        for index in members {
            let place = layout.paths.places[index]
            let image = edition.images[index]
            let prediction = edition.prediction(of: index)
            let isSealed = layout.sealed.contains(index)
            for text in [
                place.shard, place.name, image.stem, image.published.fileExtension,
                marks.texts[index], group(of: index, marks),
            ] {
                source.add(text)
            }
            source.add(image.label ?? -1)
            source.add(prediction?.predicted ?? -1)
            source.add(UInt64((prediction?.confidence ?? 0).bitPattern))
            source.add(image.width)
            source.add(image.height)
            source.add(copies.hasPreview(image) ? 1 : 0)
            source.add((scale(of: index) ?? 0).bitPattern)
            source.add(isSealed ? 1 : 0)
            guard !isSealed else { continue }
            for measure in measures { measure.add(index, marks, to: &source) }
        }
        return source.digest
    }

    private func script(
        _ name: String, _ members: [Int], _ measures: [MeasuredPairs], _ marks: PictureMarks
    ) -> File {
        var script = Script()
        script.add("GEO.pinned[")
        script.add(text: name)
        script.add("]={label:")
        script.add(text: members.first.map { edition.images[$0].key.labelOfKey } ?? "")
        script.add(",items:{")
        for (count, index) in members.enumerated() {
            let place = layout.paths.places[index]
            script.add(count == 0 ? "\n" : ",\n")
            script.add(text: "\(place.shard)/\(place.name)")
            script.add(":")
            script.add(list: values(of: index)) { script, value in
                script.add(value, of: index, self, measures, marks)
            }
        }
        script.add("\n}};\n")
        return File(path: Self.path(name), bytes: script.bytes)
    }

    /// Few pictures have a scale, so only they have its value.
    private func values(of index: Int) -> [PinValue] {
        scale(of: index) == nil ? PinValue.allCases.dropLast() : PinValue.allCases
    }

    /// Millimetres for each pixel, if they are known and mean something.
    fileprivate func scale(of index: Int) -> Double? {
        edition.metadata.number(.scale, of: index).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }

    /// The mark of the first picture of its group; empty if it belongs with no other.
    fileprivate func group(of index: Int, _ marks: PictureMarks) -> String {
        layout.groups.hasMates(index) ? marks.texts[edition.groups.first[index]] : ""
    }

    /// The measures of the models that panels show, in their order.
    private var measures: [MeasuredPairs] {
        var views: [LikenessView] = []
        for table in edition.shown where !views.contains(table.model.view) {
            views.append(table.model.view)
        }
        return views.map { view in
            MeasuredPairs(
                view: view,
                titles: edition.shown.map(\.model).filter { $0.view == view }.map(\.title),
                all: edition.neighbours.filter { $0.model.view == view },
                panels: (edition.folded ?? []).filter { $0.model.view == view })
        }
    }
}

/// The values of a picture that can be pinned, in the order in which the data contain them.
enum PinValue: String, CaseIterable {
    case stem
    /// Class of the label, and the predicted class; -1 without one.
    case label, predicted
    /// Probability of the predicted class, calibrated, in thousandths; 0 without a network.
    case probability
    case width, height
    /// Extension of its published file: `jpg`.
    case format
    /// 1 if a preview is shown first, else 0.
    case isReduced
    /// The name by which lists of distances call the picture (`PictureMarks`).
    case mark
    /// The mark of the first picture of its group; empty if it belongs with no other.
    case group
    /// For each measure a text, see `MeasuredPairs.text`; none for a candidate of a sealed trial.
    case distances
    /// Millimetres for each pixel.
    case scale
}

/// Short names of pictures that depend on their keys, not on which pictures there are: four characters
/// each, so that lists of distances stay small. If two pictures would get the same, the later one in key
/// order gets another.
struct PictureMarks {
    /// In key order.
    let texts: [String]

    static let length = 4

    /// - Parameter keys: sorted, all different, and fewer than 64 to the power of four.
    init(_ keys: [String]) {
        var taken = Set<UInt64>(minimumCapacity: keys.count)
        texts = keys.map { key in
            var text = key
            var number: UInt64
            repeat {
                number = Fingerprint(of: text).low % Digits.count(Self.length)
                // No key has a zero byte at its end.
                text += "\0"
            } while !taken.insert(number).inserted
            return Digits.text(number, length: Self.length)
        }
    }
}

/// Numbers with the base 64, of a fixed number of digits.
enum Digits {
    private static let digits = Array(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_".utf8)

    /// How many numbers have at most so many digits.
    static func count(_ length: Int) -> UInt64 { 1 << (6 * UInt64(length)) }

    ///     Digits.text(64, length: 3)  // "010"
    static func text(_ number: UInt64, length: Int) -> String {
        let bytes = (0..<length).map { digits[Int(number >> (6 * UInt64(length - 1 - $0)) & 63)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the lists of look-alikes tell of the distance of two pictures by one measure.
private struct MeasuredPairs {
    /// Titles of the shown models that use the measure.
    let titles: [String]
    /// What the distance is: `1 − the correlation of the two pictures`.
    let words: String
    private let all: [Neighbours]
    private let panels: [Neighbours]

    private static let length = 3

    init(view: LikenessView, titles: [String], all: [Neighbours], panels: [Neighbours]) {
        self.titles = titles
        switch view.measure {
        case .correlation: words = "1 − the correlation of the two pictures"
        case .other(let text): words = text
        }
        self.all = all
        self.panels = panels
    }

    /// For a picture two bounds and its targets. Each target is its mark and its distance in units of
    /// 0.00005, rounded up as on pages. A bound is a distance in units of 0.0001, rounded down: a picture
    /// that is no target is at least so far away. The first bound holds for any picture, the second for
    /// those of other groups. It is 0 if no model of the measure searches the whole collection.
    func text(of index: Int, _ marks: PictureMarks) -> String {
        var distances: [Int: Double] = [:]
        for match in (all + panels).flatMap({ $0.matches[index] }) {
            distances[match.target] = match.distance
        }
        let reach = Self.bound(all, index)
        var text =
            Self.digits(reach) + Self.digits(panels.isEmpty ? reach : Self.bound(panels, index))
        for (target, distance) in distances.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) })
        {
            text += marks.texts[target] + Self.digits(Int((20_000 * distance - 1e-9).rounded(.up)))
        }
        return text
    }

    /// Adds everything that `text` shows.
    func add(_ index: Int, _ marks: PictureMarks, to source: inout SourceDigest) {
        for (tables, isPanel) in [(all, 0), (panels, 1)] {
            source.add(isPanel)
            for table in tables {
                source.add(table.model.scope == .collection ? 1 : 0)
                source.add(table.matches[index].count)
                for match in table.matches[index] {
                    source.add(marks.texts[match.target])
                    source.add(match.distance.bitPattern)
                }
            }
        }
    }

    private static func bound(_ tables: [Neighbours], _ index: Int) -> Int {
        let lists = tables.filter { $0.model.scope == .collection }.map { $0.matches[index] }
        return Int(10_000 * (lists.compactMap(\.last?.distance).max() ?? 0))
    }

    private static func digits(_ units: Int) -> String {
        Digits.text(UInt64(max(0, units)), length: length)
    }
}

extension Script {
    fileprivate mutating func add(
        _ value: PinValue, of index: Int, _ data: PinData, _ measures: [MeasuredPairs],
        _ marks: PictureMarks
    ) {
        let layout = data.layout
        let image = layout.edition.images[index]
        let prediction = layout.edition.prediction(of: index)
        switch value {
        case .stem: add(text: image.stem)
        case .label: add("\(image.label ?? -1)")
        case .predicted: add("\(prediction?.predicted ?? -1)")
        case .probability:
            add("\(min(999, Int((1_000 * (prediction?.confidence ?? 0)).rounded())))")
        case .width: add("\(image.width)")
        case .height: add("\(image.height)")
        case .format: add(text: image.published.fileExtension)
        case .isReduced: add(data.copies.hasPreview(image) ? "1" : "0")
        case .mark: add(text: marks.texts[index])
        case .group: add(text: data.group(of: index, marks))
        case .distances:
            add(list: layout.sealed.contains(index) ? [] : measures) {
                $0.add(text: $1.text(of: index, marks))
            }
        case .scale: add("\(data.scale(of: index) ?? 0)")
        }
    }
}
