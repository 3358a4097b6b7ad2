import AtlasModel
import Templates

/// Another picture on the page of a picture.
struct ShownFace: Sendable {
    let page: ShownPicture
    /// Index of the picture that is shown.
    let target: Int
    /// Whether it stands in both panels side by side.
    let isCommon: Bool

    fileprivate var layout: Layout { page.layout }
    private var sign: TypeSigns.Sign { layout.signs[label] }
    fileprivate var label: Int? { layout.labels[target] }
    private var isSmall: Bool { layout.isSmall[target] }
    fileprivate var stem: String { layout.stems[target] }

    /// The classes of the picture as the value of an attribute, in quotation marks only if HTML needs them;
    /// empty without any. The class of the type is missing if both pictures have the same type: the page sets
    /// it once around the lists, which makes the median page smaller by some 150 bytes.
    private var classes: String {
        let style = label == page.label ? "" : sign.style
        if isSmall && !isCommon { return style }
        let classes = [style, isCommon ? "both" : "", isSmall ? "" : "photo"].filter { !$0.isEmpty }
        return classes.count > 1 ? "\"\(classes.joined(separator: " "))\"" : classes[0]
    }

    /// The values of the template. They tell nothing of model, score or rotation, so they serve candidates on
    /// trial too.
    static let fields: FieldTable<ShownFace> = [
        "href": { .text($0.layout.link(from: $0.page.index, to: $0.target)) },
        "src": { .text($0.layout.previewLink(from: $0.page.index, to: $0.target)) },
        "isPhotograph": { .flag(!$0.isSmall) },
        "title": { .text($0.sign.title) },
        "alt": { .text($0.sign.attribute) },
        "style": { .text($0.sign.style) },
        "classes": { .text($0.classes) },
        "stem": { .text($0.stem) },
    ]

    /// How a picture of the same ground lies over that of the page.
    private var shift: GroupLayout.Shift? {
        layout.groups.shift(of: target, over: page.index)
    }

    /// The same with its shift in words, and for a script, right before down; both are empty if the two
    /// pictures are no such pair.
    static let shiftedFields: FieldTable<ShownFace> = fields.joined(with: [
        "shift": { face in .text(face.shift.map { "\($0.right),\($0.down)" } ?? "") },
        "offset": { face in
            .text(face.shift.map { $0.words(in: face.page.image) } ?? "")
        },
    ])
}

/// A target of a panel.
struct ShownTarget: Sendable {
    let face: ShownFace
    let match: Match

    /// Number of bytes of a name that always fit below a target.
    private static let shownStem = 12

    private var turn: String { match.rotation == 0 ? "" : "\(match.rotation)" }

    /// The link to the original of a picture whose preview is shown.
    private var original: String {
        face.layout.images[face.target].thumbnailSize == nil
            ? "" : face.layout.originalLink(from: face.page.index, to: face.target)
    }

    /// The values of the template.
    static let fields: FieldTable<ShownTarget> = ShownFace.shiftedFields.within(\ShownTarget.face)
        .joined(with: [
            "isCommon": { .flag($0.face.isCommon) },
            "original": { .text($0.original) },
            "turn": { .text($0.turn) },
            "score": { .text(Figures.score($0.match.score)) },
            "symbol": { .text($0.face.layout.signs[$0.face.label].symbol) },
            // Two lines below a target have space for most file names of cameras. Longer names get a title.
            "longStem": { .text($0.face.stem.utf8.count > shownStem ? $0.face.stem : "") },
        ])
}
