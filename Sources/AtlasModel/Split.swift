/// The set of the split that a picture belongs to, which decides its use when a network is trained.
package enum Split: String, Sendable, Hashable, Codable, CaseIterable {
    case train, dev, test
}
