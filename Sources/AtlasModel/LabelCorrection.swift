/// A picture whose label a geologist has set in `content/labels.csv`.
public struct LabelCorrection: Sendable, Equatable {
    public let key: String
    /// The folder's label; `nil` when the folder is no rock type.
    public let folder: Int?
    public let label: Int
    public let reason: String

    public init(key: String, folder: Int?, label: Int, reason: String) {
        self.key = key
        self.folder = folder
        self.label = label
        self.reason = reason
    }

    /// Whether it confirms the folder's label.
    public var confirms: Bool { folder == label }
}
