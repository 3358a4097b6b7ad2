/// A rock type: the label of a folder of pictures, and the class a network predicts.
package struct RockType: Sendable, Hashable, Codable {
    /// Lower-case name, as used in keys and paths: `andesite`.
    package let label: String
    /// Colours of its patches, if the settings define them.
    package let colour: Colour?

    package init(label: String, colour: Colour? = nil) {
        self.label = label
        self.colour = colour
    }

    /// CSS colours (`#rrggbb`) on a light and on a dark background.
    package struct Colour: Sendable, Hashable, Codable {
        package let light: String
        package let dark: String

        package init(light: String, dark: String) {
            self.light = light
            self.dark = dark
        }
    }

    /// The name in headings: `Andesite`.
    package var title: String { label.prefix(1).uppercased() + label.dropFirst() }

    /// The six types of the reference collection, in alphabetical order, which is the order of classes.
    package static let reference = [
        "andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist",
    ].map { RockType(label: $0) }
}
