/// A picture whose label a geologist has set in `content/labels.csv`.
package struct LabelCorrection: Sendable, Equatable {
    package let key: String
    /// The folder's label; `nil` when the folder is no rock type.
    package let folder: Int?
    package let label: Int
    package let reason: String

    package init(key: String, folder: Int?, label: Int, reason: String) {
        self.key = key
        self.folder = folder
        self.label = label
        self.reason = reason
    }

    /// Whether it confirms the folder's label.
    package var confirms: Bool { folder == label }
}
