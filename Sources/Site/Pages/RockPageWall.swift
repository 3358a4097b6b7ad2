import AtlasModel
import Files
import Templates

extension Pages {
    // MARK: Filters

    /// Largest number of types of which all are in the list of filters.
    private static let allFilters = 12

    /// The filters of a plate with counts over all its pictures.
    func filters(_ plate: Layout.Plate) -> Value {
        let predicted = plate.members.compactMap { edition.prediction(of: $0)?.predicted }
        let agreeing = predicted.count { $0 == plate.type }
        func option(_ type: Int?, _ count: Int) -> Value {
            [
                "sign": layout.signs[type].value, "pictures": .text(Figures.count(count)),
                "none": .flag(count == 0),
            ]
        }
        // Of many types, those without a picture are left out.
        func told(_ types: [Int?], _ count: (Int?) -> Int) -> [Value] {
            let counted = types.map { ($0, count($0)) }
            return counted.filter {
                types.count <= Self.allFilters || $0.1 > 0 || $0.0 == plate.type
            }
            .map { option($0.0, $0.1) }
        }
        let otherLabels = plate.onlyPredicted.map { edition.images[$0].label }
        let others: [Int?] = edition.plates + (otherLabels.contains(nil) ? [nil] : [])
        let labels = told(others) { label in
            label == plate.type ? plate.members.count : otherLabels.count { $0 == label }
        }
        return [
            "labels": .list(otherLabels.isEmpty ? [] : labels),
            "hasLabels": .flag(!otherLabels.isEmpty),
            "predictions": .list(
                edition.classifier == nil
                    ? [] : told(edition.plates) { type in predicted.count { $0 == type } }),
            "agreeing": .text(Figures.count(agreeing)),
            "differing": .text(Figures.count(predicted.count - agreeing)),
            "allClusters": .text("All \(Figures.word(edition.clustering.k))"),
            "clusters": .list((0..<edition.clustering.k).map { .text("\($0 + 1)") }),
        ]
    }

    // MARK: Pictures

    /// The pictures of one page. The HTML contains them for readers without scripts.
    func wall(_ page: Layout.PlatePage, _ shown: [Int]) -> Value {
        let folder = page.path.prefix { $0 != "/" } + "/"
        let pictures = shown.map { index -> Value in
            let address = layout.paths.places[index].page
            return [
                "href": .text(
                    address.hasPrefix(folder)
                        ? String(address.dropFirst(folder.count)) : "../" + address),
                "stem": .text(edition.images[index].stem),
            ]
        }
        var first = 0
        let sheets = page.sprites.map { sprite -> Value in
            defer { first += sprite.tiles.count }
            return [
                "path": .text(sprite.path), "columns": .text("\(sprite.columns)"),
                "rows": .text("\(sprite.rows)"),
                "width": .text("\(sprite.width)"), "height": .text("\(sprite.height)"),
                "tiles": .list(Array(pictures[first..<first + sprite.tiles.count])),
            ]
        }
        // The legend needs an example: the first prediction that differs from the label.
        let differing = shown.first { index in
            guard let label = edition.images[index].label,
                let prediction = edition.prediction(of: index)
            else { return false }
            return prediction.predicted != label
        }
        return [
            "sprite": .list(sheets), "preload": .text(page.sprites.first?.path ?? ""),
            "isPhotographic": .flag(page.sprites.contains(where: \.isOfPhotographs)),
            "differs": .list(
                differing.map { [layout.signs[edition.predictions[$0].predicted].value] } ?? []),
        ]
    }

    // MARK: Exemplars

    /// Medoid, typical, extreme and doubtful pictures of a plate.
    func exemplars(_ plate: Layout.Plate) -> Value {
        guard let type = plate.type, let chosen = edition.exemplars(of: type),
            chosen.medoid != nil
        else { return ["exemplars": .list([])] }
        let kinds: [(String, String, [Int])] = [
            ("Medoid", "Nearest to all others", chosen.medoid.map { [$0] } ?? []),
            ("Most typical", "Next nearest to all others", chosen.typical),
            ("Most extreme", "Farthest from all others", chosen.extreme),
            ("Most doubtful", "Two types almost equally probable", chosen.doubtful),
        ]
        var place = 0
        var groups: [Value] = []
        for (name, how, members) in kinds {
            let pictures = members.map { index -> Value in
                // The medoid of photographs is larger than the tiles of a sprite.
                if plate.isPhotographic && index == chosen.medoid {
                    return exemplar(index, on: plate, place: nil)
                }
                defer { place += 1 }
                return exemplar(index, on: plate, place: place)
            }
            if pictures.isEmpty { continue }
            groups.append([
                "name": .text(name), "how": .text(how), "pictures": .list(pictures),
                "isMedoid": .flag(name == "Medoid"),
            ])
        }
        return ["exemplars": .list([["groups": .list(groups)]])]
    }

    /// - Parameter place: in the sprite of the exemplars; `nil` for a picture that stands alone.
    private func exemplar(_ index: Int, on plate: Layout.Plate, place: Int?) -> Value {
        let predicted = edition.prediction(of: index).map { prediction in
            ", predicted \(layout.signs[prediction.predicted].label) "
                + Figures.probability(prediction.confidence)
        }
        let sheet = place == nil ? nil : plate.exemplars
        let columns = sheet?.columns ?? 1
        return [
            "href": .text("../" + layout.paths.places[index].page),
            "name": .text(edition.images[index].stem + (predicted ?? "")),
            "sheet": .text(sheet.map { "../" + $0.path } ?? ""),
            "size": .text("\(columns * 100)"),
            "at": .text(
                Figures.decimal(Double(place ?? 0) / Double(max(1, columns - 1)) * 100, places: 3)),
            "src": .text(sheet == nil ? "../" + layout.preview(of: index) : ""),
            "small": .flag(edition.images[index].isSmall),
        ]
    }

    // MARK: Pages

    /// Links to the pages of a plate, each with the first key of the page.
    func pageLinks(_ plate: Layout.Plate, _ current: Int) -> [Value] {
        guard plate.pages.count > 1 else { return [] }
        let numbers = LinkedPages.numbers(of: plate.pages.count, around: current)
        let links = numbers.map { number -> Value in
            let page = plate.pages[number]
            return [
                "number": .text("\(number + 1)"), "href": .text(Paths.name(of: page.path)),
                "isCurrent": .flag(number == current),
                "begins": .text(edition.images[plate.members[page.range.lowerBound]].stem),
            ]
        }
        func href(_ number: Int) -> Value {
            .text(
                plate.pages.indices.contains(number) ? Paths.name(of: plate.pages[number].path) : ""
            )
        }
        return [
            ["previous": href(current - 1), "next": href(current + 1), "links": .list(links)]
        ]
    }
}
