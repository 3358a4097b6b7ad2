/// The set of the split that a picture belongs to, which decides its use when a network is trained.
package enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    case train, dev, test
}

/// What decides the split.
package enum SplitRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// Groups of pictures that belong together are divided, type by type, so that none of them is in
    /// two sets.
    case groups
    /// Each picture is drawn for itself; only equal pictures are in one set. This is for comparison: it
    /// is what most programs do.
    case random
    /// Folders `train`, `valid` and `test` of the collection.
    case folders

    /// The rule that a setting or an option names; `nil` for an unknown word. `shares` is the earlier
    /// name of `groups`.
    package init?(word: String) {
        self.init(rawValue: word == "shares" ? "groups" : word)
    }
}
