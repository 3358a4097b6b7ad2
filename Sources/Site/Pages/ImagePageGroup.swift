import AtlasModel
import Fingerprint

extension Pages {
    /// Most pictures of a picture's group that its page shows.
    static let shownMates = 6

    /// The other pictures of a picture's group that its page shows apart from the panels.
    func foldedMates(of index: Int) -> [GroupLayout.Mate] {
        // The look-alikes of a candidate on trial stand without the reasons why they are alike.
        guard edition.folded != nil, !layout.sealed.contains(index) else { return [] }
        return layout.groups.mates(
            of: index, excluding: Set(layout.specimens[index] ?? []))
    }

    /// What `ShownPicture` tells of the group.
    func addGroup(_ index: Int, _ faces: [Fingerprint], to source: inout SourceDigest) {
        let mates = foldedMates(of: index)
        for kind in PairKind.allCases { source.add(mates.count { $0.kind == kind }) }
        for mate in mates.prefix(Self.shownMates) {
            source.add(faces[mate.picture])
            addShift(of: mate.picture, over: index, to: &source)
        }
    }

    /// How a target of the same ground lies over a picture.
    func addShift(of target: Int, over index: Int, to source: inout SourceDigest) {
        let shift = layout.groups.shift(of: target, over: index)
        source.add(shift == nil ? 0 : 1)
        source.add(shift?.right ?? 0)
        source.add(shift?.down ?? 0)
    }
}

extension GroupLayout.Shift {
    /// `3 px down, 5 px left`: pixels of a picture that is its own model vector, else percent of its sides.
    func words(in image: ImageRecord) -> String {
        let side = ModelVectors.side
        let isExact = image.width == side && image.height == side
        func amount(_ pixels: Int) -> String {
            isExact
                ? "\(pixels)\(Figures.thin)px"
                : "\((200 * pixels + side) / (2 * side))\(Figures.thin)%"
        }
        var parts: [String] = []
        if down != 0 { parts.append("\(amount(abs(down))) \(down > 0 ? "down" : "up")") }
        if right != 0 { parts.append("\(amount(abs(right))) \(right > 0 ? "right" : "left")") }
        return parts.isEmpty ? "not shifted" : parts.joined(separator: ", ")
    }
}
