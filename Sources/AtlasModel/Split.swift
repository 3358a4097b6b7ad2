/// What a picture is used for when a network is trained.
package enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    case train, dev, test
}
