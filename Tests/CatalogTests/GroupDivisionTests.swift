import AtlasModel
import Fingerprint
import RandomNumbers
import Testing

@testable import Catalog

@Suite struct GroupDivisionTests {
    private let shares = [70.0, 18, 12]

    /// Pictures whose digests follow from their names.
    private func pictures(_ labels: [Int?], salt: String = "") -> [ImageRecord] {
        labels.enumerated().map { index, label in
            ImageRecord(
                key: "\(index)", label: label, path: "\(index)", width: 1, height: 1, byteCount: 1,
                format: .png, split: .train, digest: Fingerprint(of: "\(salt)\(index)").hex)
        }
    }

    private func groups(_ first: [Int]) -> PictureGroups { PictureGroups(pairs: [], first: first) }

    private func parts(_ images: [ImageRecord], _ groups: PictureGroups) -> [Int] {
        let parts = GroupDivision(images, groups, of: Array(images.indices)).parts(shares: shares)
        return images.indices.map { parts[$0, default: -1] }
    }

    // Worked by hand: a group belongs to the part in which its middle lies.
    @Test(
        arguments: [
            ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0, 0, 1, 1, 2]),
            ([1, 1, 1, 1], [0, 0, 1, 2]), ([1, 1, 1], [0, 1, 2]), ([1, 1], [0, 1]), ([1], [0]),
            ([], []), ([5, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 2]), ([6, 6], [0, 1]),
            ([1, 1, 10], [0, 1, 2]), ([10, 1, 1], [0, 1, 2]),
        ])
    func `Groups fill the parts one after another`(sizes: [Int], expected: [Int]) {
        #expect(GroupDivision.parts(ofSizes: sizes, shares: shares) == expected)
    }

    @Test func `A part without a share gets nothing`() {
        #expect(GroupDivision.parts(ofSizes: [1, 1, 1], shares: [0, 5, 0]) == [1, 1, 1])
        #expect(GroupDivision.parts(ofSizes: [1, 1, 1, 1], shares: [3, 0, 1]) == [0, 0, 0, 2])
    }

    @Test(arguments: 0..<20)
    func `Shares hold for each type within one group, and no group is in two parts`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var (labels, first): ([Int?], [Int]) = ([], [])
        for type in 0..<3 {
            for _ in 0..<60 {
                let start = labels.count
                for _ in 0..<Int.random(in: 1...12, using: &random) {
                    labels.append(type)
                    first.append(start)
                }
            }
        }
        let found = parts(pictures(labels, salt: "\(seed)"), groups(first))
        for type in 0..<3 {
            let members = labels.indices.filter { labels[$0] == type }
            let largest = members.map { index in first.count { $0 == first[index] } }.max() ?? 0
            for (part, share) in shares.enumerated() {
                let count = members.count { found[$0] == part }
                let quota = Double(members.count) * share / 100
                #expect(abs(Double(count) - quota) <= Double(largest))
            }
        }
        for index in labels.indices { #expect(found[index] == found[first[index]]) }
    }

    @Test func `A group that would fill the test part alone is trained on`() {
        // 200 pictures, 60 of them one scene: the test part has 24.
        let labels = [Int?](repeating: 0, count: 200)
        for salt in 0..<20 {
            let first = labels.indices.map { $0 < 60 ? 0 : $0 }
            #expect(parts(pictures(labels, salt: "\(salt)"), groups(first))[0] == 0)
        }
    }

    @Test func `Groups of all sizes are in the test part as often as their share`() {
        // Were the smallest digest the place, hardly any pair would be in the last part.
        var alone = 0
        var paired = 0
        for salt in 0..<40 {
            let labels = [Int?](repeating: 0, count: 150)
            let first = labels.indices.map { $0 < 100 ? $0 - $0 % 2 : $0 }
            let found = parts(pictures(labels, salt: "\(salt)"), groups(first))
            paired += found[..<100].count { $0 == 2 }
            alone += found[100...].count { $0 == 2 }
        }
        // 4,000 and 2,000 pictures, of which 12 % are expected with a standard deviation of at most
        // 29 and 15.
        #expect(abs(paired - 480) < 90)
        #expect(abs(alone - 240) < 50)
    }

    @Test func `Added pictures move only pictures at the boundaries`() {
        let labels = [Int?](repeating: 0, count: 1_000)
        let images = pictures(labels)
        let first = labels.indices.map { $0 - $0 % 3 }
        let before = parts(Array(images[..<990]), groups(Array(first[..<990])))
        let after = parts(images, groups(first))
        let moved = (0..<990).filter { before[$0] != after[$0] }
        // Ten pictures shift each of the two boundaries by at most ten pictures and one group.
        #expect(moved.count <= 26)
        #expect(parts(images.reversed(), groups(first)).count { $0 == 2 } > 100)
    }

    @Test func `A group has the type of most of its members, the first of equally frequent ones`() {
        let division = GroupDivision(
            pictures([1, 0, nil, 2, 2, nil, 2]), groups([0, 0, 2, 3, 3, 3, 0]),
            of: [0, 1, 2, 3, 4, 5])
        #expect(division.groups.map(\.type) == [0, nil, 2])
        #expect(division.groups.map(\.members) == [[0, 1], [2], [3, 4, 5]])
    }

    @Test func `Folds keep groups together and are equally large for each type`() {
        let labels: [Int?] = (0..<400).map { $0 < 300 ? 0 : 1 }
        let first = labels.indices.map { $0 - $0 % 4 }
        let folds = GroupDivision(pictures(labels), groups(first), of: Array(0..<400)).folds(5)
        for fold in 0..<5 {
            for (type, quota) in [(0, 60), (1, 20)] {
                #expect(labels.indices.count { labels[$0] == type && folds[$0] == fold } == quota)
            }
        }
        for index in labels.indices { #expect(folds[index] == folds[first[index]]) }
    }
}

@Suite struct DivisionTests {
    private func pictures(_ count: Int) -> [ImageRecord] {
        (0..<count).map { index in
            ImageRecord(
                key: "\(index)", label: 0, path: "\(index)", width: 1, height: 1, byteCount: 1,
                format: .png, split: .train, digest: Fingerprint(of: "\(index)").hex)
        }
    }

    @Test func `Without a dev folder, the training folder is divided by the shares`() {
        let division = Division(shares: [70, 18, 12], rule: .folders)
        let folders = [Split?](repeating: .train, count: 88) + [.test, .test]
        let sets = division.sets(pictures(90), groups: .none(count: 90), folders: folders)
        #expect(sets.count { $0 == .train } == 70)
        #expect(sets.count { $0 == .dev } == 18)
        #expect(sets[88...] == [.test, .test])
    }

    @Test func `Folders decide, and pictures outside of them are divided by the shares`() {
        let division = Division(shares: [70, 18, 12], rule: .folders)
        let folders: [Split?] = [.dev, .train, .test] + [Split?](repeating: nil, count: 100)
        let sets = division.sets(pictures(103), groups: .none(count: 103), folders: folders)
        #expect(sets[..<3] == [.dev, .train, .test])
        #expect(sets[3...].count { $0 == .test } == 12)
    }

    @Test func `At random each picture has its own place, whatever its group`() {
        // 0.9 of the digests are below this one, which lies beyond 88 of 100.
        #expect(
            Split.drawn(by: "e6" + String(repeating: "0", count: 30), shares: [70, 18, 12]) == .test
        )
        #expect(Split.drawn(by: String(repeating: "0", count: 32), shares: [70, 18, 12]) == .train)
        let one = PictureGroups(pairs: [], first: [Int](repeating: 0, count: 200))
        let random = Division(shares: [70, 18, 12], rule: .random)
        let sets = random.sets(
            pictures(200), groups: one, folders: [Split?](repeating: nil, count: 200))
        #expect(Set(sets).count == 3)
        #expect(
            sets
                == random.sets(
                    pictures(200), groups: .none(count: 200),
                    folders: [Split?](repeating: nil, count: 200)))
    }
}
