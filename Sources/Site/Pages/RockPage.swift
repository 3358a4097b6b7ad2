import AtlasModel
import Parallel
import Statistics
import Templates

extension PageKind {
    static let rock = PageKind(
        name: "rock", paths: { $0.layout.plates.flatMap { $0.pages.map(\.path) } },
        links: { _ in [] }, rows: { _ in [] },
        making: .together {
            RenderedPages(files: try $0.rockPages($1))
        })
}

extension Pages {
    /// All pages of all plates, and the data of their walls and of their order.
    fileprivate func rockPages(_ workers: Workers) throws -> [File] {
        let plates = layout.plates
        let data = try workers.map(plates.count) { TileData.file(plates[$0], layout) }
        let facts = try workers.map(plates.count) { FactData(plates[$0], layout) }
        let walls = plates.indices.flatMap { place in
            plates[place].pages.indices.map { (place: place, number: $0) }
        }
        return data + plates.map { OrderData.file($0, layout) }
            + facts.compactMap { $0?.file }
            + (try workers.map(walls.count) { index in
                let (place, number) = walls[index]
                return try rockPage(
                    plates[place], number: number, tiles: data[place], facts: facts[place])
            })
    }

    /// A page of a plate.
    /// - Parameters:
    ///   - number: of the page in the plate, from 0.
    ///   - tiles: the data of the wall.
    ///   - facts: what is known of the pictures.
    func rockPage(
        _ plate: Layout.Plate, number: Int, tiles: File? = nil, facts: FactData? = nil
    ) throws -> File {
        let scripts = [tiles?.path, facts?.file.path].compactMap(\.self)
        let sign = layout.signs[plate.type]
        let page = plate.pages[number]
        let shown = Array(plate.members[page.range])
        let text = plate.type.flatMap { texts.rock(edition.rockTypes[$0].label) }
        let isPaged = plate.pages.count > 1
        let range =
            "\(Figures.count(page.range.lowerBound + 1)) to \(Figures.count(page.range.upperBound))"
        var values: Value = [
            "sign": sign.value,
            "plate": .text(plate.type == nil ? "" : "Plate \(Figures.roman(plate.number))"),
            "isFirst": .flag(number == 0),
            "isPaged": .flag(isPaged),
            "pageNumber": .text("\(number + 1)"),
            "pageCount": .text("\(plate.pages.count)"),
            "text": .text(text.map { textPages.html(of: $0, on: page.path) } ?? ""),
            "facts": .list(self.facts(plate, text)),
            "hasPictures": .flag(!shown.isEmpty),
            "known": .list(known(facts)),
            "total": .text(Figures.count(plate.members.count)),
            "from": .text("\(page.range.lowerBound)"),
            "range": .text(range),
            "count": .text(Figures.pictures(plate.members.count)),
            "isLabelled": .flag(plate.type != nil),
            "isClassified": .flag(edition.classifier != nil),
            "isCompared": .flag(plate.type != nil && edition.classifier != nil),
            "list": .list(
                plate.members.isEmpty ? [] : [.text("pictures.csv")]),
            "metadata": .list(
                plate.members.contains(where: edition.metadata.isKnown)
                    ? [
                        [
                            "csv": .text(MetadataLists.names.csv),
                            "json": .text(MetadataLists.names.json),
                        ]
                    ] : []),
        ]
        values = values.joined(with: filters(plate)).joined(with: wall(page, shown))
        values = values.joined(with: number == 0 ? exemplars(plate) : ["exemplars": .list([])])
        values = values.joined(with: ["pages": .list(pageLinks(plate, number))])
        let title = isPaged && number > 0 ? "\(sign.title), page \(number + 1)" : sign.title
        return try self.page(.rock, path: page.path, title: title, values, scripts: scripts)
    }

    /// The fields by which a plate can be filtered and sorted, as a list with one value; empty without
    /// metadata.
    private func known(_ facts: FactData?) -> [Value] {
        guard let facts else { return [] }
        return [
            [
                "fields": .list(
                    facts.fields.enumerated().map { number, place in
                        [
                            "number": .text("\(number)"),
                            "name": .text(layout.known.fields[place].name),
                        ]
                    })
            ]
        ]
    }

    // MARK: Facts

    private func facts(_ plate: Layout.Plate, _ text: TextFile?) -> [Value] {
        var facts = [fact("Pictures", Figures.count(plate.members.count))]
        if let type = plate.type {
            facts +=
                Agreement(edition, type: type, members: plate.members).map(agreementFacts) ?? []
        } else if let most = commonest(
            plate.members.compactMap { edition.prediction(of: $0)?.predicted })
        {
            facts.append(
                fact(
                    "Most often predicted",
                    "\(layout.signs[most.value].title), \(times(most.count))"))
        }
        if let cluster = commonest(plate.members.map { edition.clustering.assignments[$0] }) {
            facts.append(
                fact(
                    "Most often in",
                    "Cluster \(cluster.value + 1), \(Figures.pictures(cluster.count))"))
        }
        if let size = sizes(plate.members) { facts.append(fact("Size", size)) }
        if let signature = text?.signature, !signature.isEmpty {
            facts.append(fact("Text by", signature))
        }
        return facts
    }

    /// The share predicted as labelled and the most frequent mistake, both counted on the same
    /// pictures.
    private func agreementFacts(_ agreement: Agreement) -> [Value] {
        guard let share = agreement.proportion.share else { return [] }
        let total = agreement.proportion.total
        let of = ", of \(Figures.count(total))"
        let isTestOnly = agreement.isTestOnly
        var facts = [
            fact(
                isTestOnly ? "Test pictures predicted as labelled" : "Predicted as labelled",
                Figures.share(share), "(\(Figures.interval(agreement.proportion)))" + of)
        ]
        if let mistake = agreement.commonestMistake {
            facts.append(
                fact(
                    isTestOnly ? "Test pictures most often taken for" : "Most often taken for",
                    layout.signs[mistake.type].title, "\(times(mistake.count))" + of))
        }
        return facts
    }

    func fact(_ name: String, _ text: String, _ aside: String = "", key: String = "") -> Value {
        ["name": .text(name), "text": .text(text), "aside": .text(aside), "key": .text(key)]
    }

    private func times(_ count: Int) -> String {
        count == 1 ? "once" : count == 2 ? "twice" : "\(Figures.count(count)) times"
    }

    /// The most frequent value; the smallest of equally frequent ones.
    private func commonest(_ values: [Int]) -> (value: Int, count: Int)? {
        var counts: [Int: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// `28 × 28 px`, or the smallest and the largest size by area.
    private func sizes(_ members: [Int]) -> String? {
        let sorted = members.map { edition.images[$0] }.sorted {
            ($0.width * $0.height, $0.width) < ($1.width * $1.height, $1.width)
        }
        guard let least = sorted.first, let most = sorted.last else { return nil }
        let largest = Figures.size(most.width, most.height)
        return least.width == most.width && least.height == most.height
            ? largest
            : "\(Figures.count(least.width)) × \(Figures.count(least.height)) to \(largest)"
    }
}
