import Testing

@testable import Site

@Suite struct YAMLAnchorsTests {
    @Test(
        "Names of values are found where they are repeated",
        arguments: [
            ("a: &x 1\nb: *x", 1), ("title: T\n- &x [1]\n- [*x, *x]", 2), ("&a b: c\n*a : d", 1),
            ("? &a\n: *a", 1), ("a: !!seq &x [1]\nb: [*x, *x]", 1), ("b: 1\na: ! &x 1\nc: *x", 2),
            ("- !<tag:yaml.org,2002:seq> &x [1]\n- *x", 1), ("!!map &x\n? *x", 1),
            // Line breaks of YAML 1.1, and a name that a sign ends.
            ("a: 1\u{2028}&x b: 2\nc: *x", 2), ("a: [&x 1]\r\n\r\nb: &y {*x: 1, ? *y}", 1),
            ("\u{FEFF}&x a: 1\nb: *x", 1),
        ] as [(String, Int)])
    func found(text: String, line: Int) {
        #expect(YAMLAnchors.firstLine(in: text) == line)
    }

    @Test(
        "Texts with these signs are texts",
        arguments: [
            "title: Rocks & minerals * 2", "title: A &B and *B", "title: \"R&D *new*\"", "a: &x 1",
            "a: *x", "a: Stop! &x\nb: *x", "colour: \"#fff\"", "",
        ])
    func texts(text: String) {
        #expect(YAMLAnchors.firstLine(in: text) == nil)
    }
}
