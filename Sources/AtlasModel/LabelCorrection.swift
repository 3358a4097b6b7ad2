/// A picture whose label a geologist has set in `content/labels.csv`.
package struct LabelCorrection: Sendable, Equatable {
    package let key: String
    /// The label of the folder; `nil` when the folder is not a rock type.
    package let folder: Int?
    package let label: Int
    package let reason: String

    package init(key: String, folder: Int?, label: Int, reason: String) {
        self.key = key
        self.folder = folder
        self.label = label
        self.reason = reason
    }

    /// Whether the correction confirms the label of the folder.
    package var confirms: Bool { folder == label }
}
