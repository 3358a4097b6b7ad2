import AtlasModel

/// Lays out the plates of an edition.
struct PlateMaker {
    let edition: Edition
    let pictures: PictureSource

    /// The plate of a class; `nil` means the unlabelled pictures.
    /// - Parameters:
    ///   - number: of the plate in the atlas, from 1.
    ///   - members: indices of its pictures, in key order.
    ///   - folder: of its pages.
    func plate(of type: Int?, number: Int, members: [Int], folder: String) -> Layout.Plate {
        let images = edition.images
        // A sprite shows the square that the models compare. It equals the picture only if the
        // picture is square.
        let isPhotographic = members.contains {
            !images[$0].isSmall || images[$0].width != images[$0].height
        }
        let size = Layout.pageSize
        let pages = (0..<max(1, (members.count + size - 1) / size)).map { page in
            let range = page * size..<min(members.count, (page + 1) * size)
            let name = page == 0 ? "index" : String(page + 1)
            return Layout.PlatePage(
                path: "\(folder)/\(name).html", range: range,
                sprites: isPhotographic
                    ? photographs(folder, members, range)
                    : vectors("\(folder)/\(page + 1)", Array(members[range])))
        }
        let chosen = type.flatMap { edition.exemplars(of: $0) }
        return Layout.Plate(
            type: type, number: number, members: members,
            onlyPredicted: images.indices.filter {
                type != nil && images[$0].label != type
                    && edition.prediction(of: $0)?.predicted == type
            }, isPhotographic: isPhotographic, folder: folder,
            band: Sprite.band(
                "\(folder)/band", of: members, photographs: isPhotographic ? images : nil,
                pictures: pictures),
            exemplars: chosen.flatMap {
                exemplars($0, "\(folder)/exemplars", isPhotographic: isPhotographic)
            }, pages: pages)
    }

    /// The sprite of the model vectors on one page of a plate; none without pictures.
    private func vectors(_ name: String, _ members: [Int]) -> [Sprite] {
        guard !members.isEmpty else { return [] }
        return [Sprite(name, tiles: members, columns: Layout.wallColumns, pictures: pictures)]
    }

    /// The sprites of the photographs on one page of a plate.
    private func photographs(_ folder: String, _ members: [Int], _ range: Range<Int>) -> [Sprite] {
        let size = Layout.sheetOfPhotographs
        return stride(from: range.lowerBound, to: range.upperBound, by: size).map { first in
            Sprite(
                "\(folder)/\(first / size + 1)",
                tiles: Array(members[first..<min(range.upperBound, first + size)]),
                columns: Layout.photographColumns, photographs: edition.images, pictures: pictures)
        }
    }

    private func exemplars(_ chosen: Exemplars, _ name: String, isPhotographic: Bool) -> Sprite? {
        let tiles =
            isPhotographic ? Array(chosen.all.dropFirst(chosen.medoid == nil ? 0 : 1)) : chosen.all
        guard !tiles.isEmpty else { return nil }
        return Sprite(
            name, tiles: tiles, columns: tiles.count,
            photographs: isPhotographic ? edition.images : nil, pictures: pictures)
    }
}
