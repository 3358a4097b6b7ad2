import AtlasModel
import Templates

/// A picture as its page shows it.
final class ShownPicture: Sendable {
    let index: Int
    let pages: Pages
    let layout: Layout
    let metadata: MetadataFacts
    let image: ImageRecord
    let label: Int?
    let stem: String
    let sign: TypeSigns.Sign
    let prediction: Prediction?
    let panels: PanelList
    /// Whether nothing can be compared with the picture.
    let isBlank: Bool
    /// Whether the picture is the candidate of a sealed trial.
    let isSealed: Bool

    init(_ index: Int, _ metadata: MetadataFacts, _ pages: Pages) {
        self.index = index
        self.pages = pages
        layout = pages.layout
        self.metadata = metadata
        image = layout.images[index]
        label = image.label
        stem = layout.stems[index]
        sign = layout.signs[label]
        prediction = pages.edition.prediction(of: index)
        panels = PanelList(pages.edition, of: index)
        isBlank = pages.isBlank(index)
        isSealed = layout.sealed.contains(index)
    }

    /// The pictures of its plate, and its position among them.
    private var members: [Int] { layout.plates[layout.places[index].plate].members }
    private var position: Int { layout.places[index].position }

    /// The link to the page of the picture that many positions further on the plate; empty at
    /// its ends.
    private func link(by step: Int) -> Value {
        let (members, position) = (members, position + step)
        return .text(
            members.indices.contains(position)
                ? layout.link(from: index, to: members[position]) : "")
    }

    /// The link to the form of the picture that its page loads first.
    private var shownLink: String {
        pages.pictures.copies.hasPreview(image)
            ? layout.paths.places[index].wayToRoot + layout.paths.places[index].preview
            : layout.originalLink(from: index, to: index)
    }

    /// Number of letters of a title that fit two lines beside the picture at its largest size.
    private static let longName = 28

    private var isLongName: Bool { sign.title.count + stem.count > Self.longName }
    private var stemParts: [String] { isLongName ? Pages.parts(of: stem) : [stem] }

    /// A picture that the page shows besides its own.
    func face(_ target: Int, isCommon: Bool = false) -> ShownFace {
        ShownFace(page: self, target: target, isCommon: isCommon)
    }

    private func panel(_ panel: PanelList.Panel) -> Value {
        let model = panel.model
        let facts = pages.edition.likenessFacts(of: index, by: model)
        let measure =
            switch model.view.measure {
            case .correlation: ""
            case .other(let words): words
            }
        return [
            "isFolded": .flag(panel.isFolded), "ordinal": .text(panel.ordinal),
            "id": .text(model.id), "name": .text(model.title),
            "how": .text(
                model.words.panel(facts) + (pages.edition.rotations ? ", turned to match" : "")),
            "distances": .text(Pages.steps(panel.matches)),
            "measure": .text(measure),
            "targets": .list(
                panel.matches.map { match in
                    let isCommon = !panel.isFolded && panels.common.contains(match.target)
                    return ShownTarget.fields.values(
                        of: ShownTarget(face: face(match.target, isCommon: isCommon), match: match))
                }),
        ]
    }

    /// The other pictures of the picture's group, which its panels leave out, as a list with one value;
    /// empty without any. Those of its specimen stand in `sameSpecimen`.
    private var ownGroup: [Value] {
        let mates = pages.foldedMates(of: index)
        guard !mates.isEmpty else { return [] }
        let counts = PairKind.allCases.compactMap { kind -> String? in
            let count = mates.count { $0.kind == kind }
            return count > 0 ? kind.counted(count) : nil
        }
        let more = mates.count - Pages.shownMates
        return [
            [
                "summary": .text("And \(Figures.list(counts))"),
                "pictures": .list(
                    mates.prefix(Pages.shownMates).map {
                        ShownFace.shiftedFields.values(of: face($0.picture))
                    }),
                "more": .text(more > 0 ? "and \(Figures.count(more)) more" : ""),
            ]
        ]
    }

    /// The values of the template.
    static let fields: FieldTable<ShownPicture> = own.joined(with: verdict)

    private static let own: FieldTable<ShownPicture> = [
        "sign": { $0.sign.value },
        "stem": { .text($0.stem) },
        "isLongName": { .flag($0.isLongName) },
        "stemBegin": { .text($0.stemParts[0]) },
        "stemRest": { .list($0.stemParts.dropFirst().map { .text($0) }) },
        "plateHref": { .text($0.layout.plateLink(from: $0.index)) },
        // The default theme leaves both to a script (`OrderData`).
        "position": { .text(Figures.count($0.position + 1)) },
        "total": { .text(Figures.count($0.members.count)) },
        "previous": { $0.link(by: -1) },
        "next": { $0.link(by: 1) },
        "isPhotograph": { .flag(!$0.image.isSmall) },
        "src": { .text($0.layout.originalLink(from: $0.index, to: $0.index)) },
        "shown": { .text($0.shownLink) },
        "isReduced": { .flag($0.pages.pictures.copies.hasPreview($0.image)) },
        "width": { .text("\($0.image.width)") },
        "height": { .text("\($0.image.height)") },
        "size": { .text(Figures.size($0.image.width, $0.image.height)) },
        "pixelsWide": { .text(Figures.counted($0.image.width, "pixel", "pixels")) },
        "marks": { .list(Pages.scaleMarks($0.image.width)) },
        "isLabelled": { .flag($0.image.label != nil) },
        "facts": { .list($0.metadata.facts + $0.pages.imageFacts($0.index)) },
        "hasMetadata": {
            .flag(!$0.metadata.facts.isEmpty || !$0.pages.millimetres($0.index).isEmpty)
        },
        "millimetres": { .list($0.pages.millimetres($0.index)) },
        "sameSpecimen": { .list($0.pages.sameSpecimen($0.index)) },
        "scene": { .list($0.pages.placeInScene($0.index)) },
        "ownGroup": { .list($0.ownGroup) },
        "isBlank": { .flag($0.isBlank) },
        "isSealed": { .flag($0.isSealed) },
        "sealed": { picture in
            .list(
                picture.isSealed
                    ? picture.panels.all.map { ShownFace.fields.values(of: picture.face($0)) } : [])
        },
        "common": { .text($0.isSealed ? "" : $0.panels.sentence) },
        "panels": { picture in
            .list(picture.isSealed ? [] : picture.panels.panels.map(picture.panel))
        },
        "hasTargets": { picture in
            .flag(
                !picture.isBlank && !picture.isSealed
                    && picture.panels.open.contains { !$0.matches.isEmpty })
        },
    ]

    /// What the classifier says of the picture; without one all values are empty.
    private static let verdict: FieldTable<ShownPicture> = [
        "isClassified": { .flag($0.prediction != nil) },
        "predicted": { $0.layout.signs[$0.prediction?.predicted].value },
        "differs": {
            .flag(
                $0.image.label != nil && $0.prediction != nil
                    && $0.image.label != $0.prediction?.predicted)
        },
        "agrees": {
            .flag($0.prediction != nil && $0.image.label == $0.prediction?.predicted)
        },
        "note": { picture in
            .text(picture.prediction.map { picture.pages.note($0, picture.image.label) } ?? "")
        },
        "bars": { picture in
            .list(picture.prediction.map { picture.pages.bars($0, picture.image.label) } ?? [])
        },
        "otherBars": { picture in
            picture.prediction.map { picture.pages.otherBars($0, picture.image.label) }
                ?? ["count": .text(""), "text": .text("")]
        },
        "isCalibrated": {
            .flag($0.pages.edition.classifier?.calibration.isFitted == true)
        },
    ]
}
