/// What an edition of an atlas changed compared with the one before.
package struct EditionChange: Sendable, Equatable, Codable {
    /// Number of the edition, from 1.
    package let number: Int
    /// When it was made, in UTC: `2026-11-28 19:30`.
    package let date: String
    /// Number of pictures in the edition.
    package let pictures: Int
    package let added: Listed<String>
    package let removed: Listed<String>
    /// Keys of pictures whose file has other pixels.
    package let replaced: Listed<String>
    /// Pictures with another label.
    package let relabelled: Listed<Moved>
    /// Pictures that are predicted as another type.
    package let predicted: Listed<Moved>

    package init(
        number: Int, date: String, pictures: Int, added: Listed<String> = .none,
        removed: Listed<String> = .none, replaced: Listed<String> = .none,
        relabelled: Listed<Moved> = .none, predicted: Listed<Moved> = .none
    ) {
        self.number = number
        self.date = date
        self.pictures = pictures
        self.added = added
        self.removed = removed
        self.replaced = replaced
        self.relabelled = relabelled
        self.predicted = predicted
    }

    /// A picture that went from one type to another.
    package struct Moved: Sendable, Equatable, Codable {
        package let key: String
        /// Labels of types; empty for no label.
        package let from: String
        package let to: String

        package init(key: String, from: String, to: String) {
            self.key = key
            self.from = from
            self.to = to
        }
    }

    /// A list of which only the beginning is kept when it is long.
    package struct Listed<Item: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
        /// Number of all items.
        package let count: Int
        /// The first items, in key order.
        package let first: [Item]

        /// Largest number of items that are kept.
        private static var limit: Int { 1_000 }

        package init(_ items: [Item]) {
            count = items.count
            first = Array(items.prefix(Self.limit))
        }

        package static var none: Listed { Listed([]) }
    }

    /// Whether something changed.
    package var isChange: Bool {
        added.count + removed.count + replaced.count + relabelled.count + predicted.count > 0
    }

    /// Number of pictures that were added, removed, replaced or relabelled.
    package var changedPictures: Int {
        added.count + removed.count + replaced.count + relabelled.count
    }
}
