import AtlasModel
import Messages

/// A problem with the labels that folders give.
enum LabelFault: Sendable, Hashable {
    /// A folder that names no rock type, with its number of pictures.
    case folderWithoutType(Int, nearest: String?)
    /// A picture that is the same as another one with another label.
    case twoLabels(other: String, label: String, otherLabel: String)

    /// The content of the erratum.
    var finding: Erratum.Finding {
        switch self {
        case .folderWithoutType(let count, let nearest):
            let pictures = counted(count, "picture")
            let guess = nearest.map { "did you mean \"\($0)\"?" }
            return .init(
                .folderWithoutType, "The folder is no rock type, so its pictures have no label",
                detail: pictures + (guess.map { "; \($0)" } ?? ""),
                sentence: "The folder is no rock type of this atlas, so its \(pictures) "
                    + "\(count == 1 ? "has" : "have") no label" + (guess.map { " (\($0))" } ?? ""),
                advice:
                    "Rename the folder, or add the type to \"types:\" in content/atlas.yml.")
        case .twoLabels(let other, let label, let otherLabel):
            return .init(
                .twoLabels, "The same picture has two labels",
                detail: "\(label) here, \(otherLabel) as \(other)",
                sentence: "This picture is labelled \(label), and \(other), which shows the same, "
                    + otherLabel,
                advice:
                    "Look at it, and remove one of the two or correct it in content/labels.csv. Until "
                    + "then no network learns from them, and they count in no figure."
            )
        }
    }
}
