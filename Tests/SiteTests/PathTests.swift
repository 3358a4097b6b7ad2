import AtlasModel
import Testing

@testable import Site

@Suite struct PathTests {
    private func places(_ keys: [String]) -> [String: AtlasPaths.Place] {
        let sorted = keys.sorted(by: AtlasPaths.byBytes)
        let paths = AtlasPaths(keys: sorted, labels: [])
        return Dictionary(uniqueKeysWithValues: zip(sorted, paths.places))
    }

    /// Whether a path is allowed in an atlas.
    private func isAllowed(_ path: String) -> Bool {
        let devices = ["con", "prn", "aux", "nul"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] }
        return path.utf8.count <= 120
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                part.wholeMatch(of: /[a-z0-9._-]+/) != nil && part.first != "." && part.last != "."
                    && !devices.contains(String(part.prefix { $0 != "." }))
            }
    }

    private static let awkward = [
        "andesite/012L6", "andesite/012l6", "andesite/<b>&\"x", "andesite/..", "andesite/.hidden",
        "andesite/trailing.", "andesite/con", "andesite/CON", "andesite/aux.old", "andesite/com1",
        "andesite/Lpt9.x", "andesite/a b", "andesite/a-b", "andesite/a_b", "andesite/a\rb",
        "andesite/ä", "andesite/ö", "andesite/\u{1F30B}", "andesite/x~2", "andesite/",
        "andesite/a/b", "andesite/index", "andesite/2",
        "andesite/" + String(repeating: "n", count: 300),
        "andesite/" + String(repeating: "n", count: 300) + "2", "con/x", "pictures/x", "votes/x",
        "about.html/x", "Granit/x", "granit/x", "mica schist/x", "mica-schist/x", "é/x", "è/x",
        String(repeating: "l", count: 200) + "/x", String(repeating: "l", count: 201) + "/x",
        "unlabelled/x", "nolabel",
    ]

    @Test func `Every path is short, plain and no device, whatever the key`() {
        for (key, place) in places(Self.awkward) {
            for path in [place.page, place.picture("jpg"), place.thumbnail] {
                #expect(isAllowed(path), "\(key) → \(path)")
            }
        }
    }

    @Test func `No two keys share a path`() {
        let places = places(Self.awkward)
        #expect(Set(places.values.map(\.page)).count == Self.awkward.count)
        #expect(Set(places.values.map(\.thumbnail)).count == Self.awkward.count)
    }

    @Test func `A plain stem gives its own name in small letters`() {
        let places = places(["andesite/012L6", "andesite/IMG_0001.raw"])
        #expect(places["andesite/012L6"]?.name == "012l6")
        #expect(places["andesite/012L6"]?.folder == "andesite")
        #expect(places["andesite/IMG_0001.raw"]?.name == "img_0001.raw")
    }

    @Test func `Of keys that differ in case only, the later gets a digest`() {
        let places = places(["andesite/012L6", "andesite/012l6"])
        #expect(places["andesite/012L6"]?.name == "012l6")
        #expect(places["andesite/012l6"]?.name.wholeMatch(of: /012l6-[0-9a-f]{6}/) != nil)
    }

    @Test func `A name that looks like a digest of another key does not collide with it`() throws {
        let first = try #require(places(["andesite/a b"])["andesite/a b"]?.name)
        let second = places(["andesite/a b", "andesite/\(first)"])
        #expect(second["andesite/\(first)"]?.name == first)
        #expect(second["andesite/a b"]?.name.hasPrefix("a-b-") == true)
        #expect(second["andesite/a b"]?.name != first)
    }

    @Test(arguments: [
        ("a", "00", "a", "00", "b.html"), ("a", "00", "a", "1f", "../1f/b.html"),
        ("a", "00", "c", "00", "../../c/00/b.html"),
    ]) func `The way to another page is as short as it can be`(
        folder: String, shard: String, target: String, targetShard: String, way: String
    ) {
        let from = AtlasPaths.Place(folder: folder, shard: shard, name: "a")
        let to = AtlasPaths.Place(folder: target, shard: targetShard, name: "b")
        #expect(from.link(to: to, "html") == way)
    }

    @Test func `A label of more than ten thousand pictures keeps the places of its first`() {
        let before = places((0..<9_999).map { "schist/K\($0)" })
        let after = places((0..<10_050).map { "schist/K\($0)" })
        #expect(before.allSatisfy { after[$0.key] == $0.value })
    }

    @Test func `Added pictures move nobody`() {
        let before = places((0..<500).map { "schist/K\($0)" })
        let after = places((0..<2_000).map { "schist/K\($0)" } + ["gneiss/new", "schist/a b"])
        for (key, place) in before { #expect(after[key] == place) }
    }

    @Test func `Folders stay below a thousand files, a page and a picture each`() {
        for (count, shard) in [(4_400, /../), (100_000, /../), (100_001, /..\/./)] {
            let paths = AtlasPaths(
                keys: (0..<count).map { "schist/K\($0)" }.sorted(by: AtlasPaths.byBytes),
                labels: [])
            var files: [String: Int] = [:]
            for place in paths.places { files[place.shard, default: 0] += 2 }
            #expect(files.values.max() ?? 0 <= 1_000, "\(count) pictures")
            #expect(files.keys.allSatisfy { $0.wholeMatch(of: shard) != nil })
        }
    }

    @Test func `Links lead to pages of another depth and back`() {
        let deep = AtlasPaths.Place(folder: "schist", shard: "ab/c", name: "1")
        let near = AtlasPaths.Place(folder: "schist", shard: "ab/d", name: "2")
        let flat = AtlasPaths.Place(folder: "gneiss", shard: "ab", name: "3")
        #expect(deep.page == "schist/ab/c/1.html")
        #expect(deep.link(to: near, "html") == "../../ab/d/2.html")
        #expect(deep.link(to: flat, "html") == "../../../gneiss/ab/3.html")
        #expect(flat.link(to: deep, "jpg") == "../../schist/ab/c/1.jpg")
        #expect(deep.wayToRoot + "map.html" == "../../../map.html")
    }

    @Test(arguments: ["pictures", "thumbs", "sprites", "data", "review", "votes", "assets", "map"])
    func `A label does not take a folder of the atlas`(label: String) {
        let folder = AtlasPaths(keys: [], labels: [label]).folder(of: label)
        #expect(folder != label)
        #expect(folder.hasPrefix(label + "-"))
    }

    @Test func `A label with a blank gets a hyphen, unless another label has that name`() {
        #expect(
            AtlasPaths(keys: [], labels: ["mica schist"]).folder(of: "mica schist") == "mica-schist"
        )
        let both = AtlasPaths(keys: [], labels: ["mica schist", "mica-schist"])
        #expect(both.folder(of: "mica-schist") == "mica-schist")
        #expect(both.folder(of: "mica schist") != "mica-schist")
    }

    @Test func `Shards follow from the key's own digest`() {
        // `printf 'andesite/012L6' | xxhsum -H2` begins with these digits.
        #expect(places(["andesite/012L6"])["andesite/012L6"]?.shard == "9f")
    }
}
