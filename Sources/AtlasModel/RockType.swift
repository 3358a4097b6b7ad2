/// A rock type: the label of a folder of pictures, and the class a network predicts.
public struct RockType: Sendable, Hashable, Codable {
    /// Lower-case name, as it stands in keys and paths: `andesite`.
    public let label: String
    /// Colours of its patches if the settings give some.
    public let colour: Colour?

    public init(label: String, colour: Colour? = nil) {
        self.label = label
        self.colour = colour
    }

    /// CSS colours (`#rrggbb`) on light and on dark paper.
    public struct Colour: Sendable, Hashable, Codable {
        public let light: String
        public let dark: String

        public init(light: String, dark: String) {
            self.light = light
            self.dark = dark
        }
    }

    /// As it stands in a heading: `Andesite`.
    public var title: String { label.prefix(1).uppercased() + label.dropFirst() }

    /// The six types of the reference collection, in alphabetical order, which is the order of classes.
    public static let reference = [
        "andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist",
    ].map { RockType(label: $0) }
}
