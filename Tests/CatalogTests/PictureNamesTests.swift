import Testing

@testable import Catalog

@Suite struct PictureNamesTests {
    private static let keys = ["andesite/a", "gneiss/a", "gneiss/p1", "gneiss/p1~2", "gneiss/q.2"]
    private static let paths = [
        "rocks/Andesite/a.jpg", "rocks/Gneiss/a.JPG", "rocks/Gneiss/p1.jpg", "rocks/Gneiss/p1.png",
        "rocks/Gneiss/q.2.jpg",
    ]

    @Test(
        "A name is read as people type it",
        arguments: [
            ("gneiss/a", .one(1)), (" gneiss/a\u{A0}", .one(1)), ("gneiss/a.jpg", .one(1)),
            ("Gneiss/A", .one(1)), ("gneiss\\a.JPG", .one(1)), ("/gneiss/a", .one(1)),
            ("./gneiss/a.jpeg", .one(1)), ("gneiss.a", .one(1)), ("Gneiss.a.jpg", .one(1)),
            ("C:\\photos\\rocks\\Gneiss\\a.JPG", .one(1)), ("rocks/gneiss/a", .one(1)),
            ("q.2", .one(4)), ("gneiss/q.2", .one(4)),
            // The extension decides between two files of one name.
            ("gneiss/p1.png", .one(3)), ("gneiss/p1.jpg", .one(2)), ("p1.png", .one(3)),
            ("gneiss/p1", .one(2)), ("gneiss/p1~2", .one(3)),
            ("a", .several([0, 1])), ("a.jpg", .several([0, 1])),
            ("gneiss/b", .none), ("", .none), ("/", .none), (".", .none),
        ] as [(String, PictureNames.Match)])
    func names(name: String, expected: PictureNames.Match) {
        var names = PictureNames(keys: Self.keys, paths: Self.paths)
        #expect(names.match(name) == expected)
    }

    @Test("Case decides where two pictures differ in case only")
    func letterCase() {
        var names = PictureNames(keys: ["x/A", "x/a"], paths: ["x/A.png", "x/a.png"])
        #expect(names.match("x/a.png") == .one(1))
        #expect(names.match("X/a") == .several([0, 1]))
    }

    @Test("The nearest key has the same file name, or few other letters")
    func nearest() {
        var names = PictureNames(keys: Self.keys, paths: Self.paths)
        #expect(names.nearest(to: "gneis/q.2.jpg") == "gneiss/q.2")
        #expect(names.nearest(to: "gneiss/p2") == "gneiss/p1")
        #expect(names.nearest(to: "something/else entirely") == nil)
    }
}
