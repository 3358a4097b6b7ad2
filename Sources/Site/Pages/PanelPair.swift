import AtlasModel

/// The targets of one picture by the two models side by side, what they have in common, and those of
/// a third that stands below them.
struct PanelPair {
    struct List {
        let model: LikenessModel
        let matches: [Match]
    }

    let lists: [List]
    /// Folded; `nil` when two models are shown.
    let third: List?
    /// Targets that stand in both panels.
    let common: Set<Int>

    init(_ edition: Edition, of index: Int) {
        let shown = edition.shown.map { List(model: $0.model, matches: $0.matches[index]) }
        lists = Array(shown.prefix(2))
        third = shown.dropFirst(2).first
        let sets = lists.map { Set($0.matches.map(\.target)) }
        common =
            sets.count < 2 ? [] : sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
    }

    var all: [List] { lists + [third].compactMap { $0 } }

    /// `4 of 12 look-alikes stand in both panels. They are framed.`
    var sentence: String {
        let most = lists.map(\.matches.count).max() ?? 0
        switch common.count {
        case 0: return "No look-alike stands in both panels."
        case 1: return "1 of \(most) look-alikes stands in both panels. It is framed."
        default:
            let count = common.count == most ? "All \(most)" : "\(common.count) of \(most)"
            return "\(count) look-alikes stand in both panels. They are framed."
        }
    }
}
