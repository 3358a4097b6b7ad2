import AtlasModel

/// The targets of one picture by each shown model. The first two panels are side by side and are
/// compared. The others are folded below them.
struct PanelList {
    struct Panel {
        let model: LikenessModel
        let matches: [Match]
        let isFolded: Bool
        /// The ordinal number of the panel as a word, for a folded panel.
        let ordinal: String
    }

    let panels: [Panel]
    /// Targets that are in both panels side by side.
    let common: Set<Int>

    /// Number of panels side by side.
    private static let sideBySide = 2
    private static let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"]

    init(_ edition: Edition, of index: Int) {
        panels = edition.shownInPanels.enumerated().map { place, table in
            Panel(
                model: table.model, matches: table.matches[index],
                isFolded: place >= Self.sideBySide,
                ordinal: place < Self.ordinals.count ? Self.ordinals[place] : "further")
        }
        let sets = panels.prefix(Self.sideBySide).map { Set($0.matches.map(\.target)) }
        common =
            sets.count < 2 ? [] : sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
    }

    /// The targets of all panels, each once, in key order.
    var all: [Int] { Set(panels.flatMap(\.matches).map(\.target)).sorted() }

    /// Panels that are not folded.
    var open: ArraySlice<Panel> { panels.prefix(Self.sideBySide) }

    /// `4 of 12 look-alikes stand in both panels. They are framed.`
    var sentence: String {
        let most = open.map(\.matches.count).max() ?? 0
        switch common.count {
        case 0: return "No look-alike stands in both panels."
        case 1: return "1 of \(most) look-alikes stands in both panels. It is framed."
        default:
            let count = common.count == most ? "All \(most)" : "\(common.count) of \(most)"
            return "\(count) look-alikes stand in both panels. They are framed."
        }
    }
}
