import AtlasModel
import Testing

@testable import Catalog

@Suite struct VerdictsTests {
    private let keys = ["gneiss/a", "gneiss/b", "marble/c", "schist/c"]
    private let paths = ["Gneiss/a.jpg", "Gneiss/b.jpg", "marble/c.png", "schist/c.png"]

    private func matched(_ table: String) -> (verdicts: [DuplicateVerdict], errata: [Erratum]) {
        Verdicts(csv: table, path: "duplicates.csv").matched(keys: keys, paths: paths)
    }

    @Test(
        "Columns are found by their names, in any order, and names of pictures as in all tables",
        arguments: [
            "a,b,verdict,reason\ngneiss/a,marble/c,not a duplicate,two beds\n",
            "Verdict;B;A;kind;Reason\nNot a duplicate;gneiss/a;marble/c;copy;two beds\n",
            "gneiss/a,marble/c,not a duplicate,two beds\n",
            "a\tb\tverdict\treason\nC:\\x\\Gneiss\\A.JPG\tmarble.c\tno duplicate\ttwo beds\n",
        ])
    func columns(table: String) {
        let (verdicts, errata) = matched(table)
        #expect(verdicts == [DuplicateVerdict(0, 2, isDuplicate: false, reason: "two beds")])
        #expect(errata == [])
    }

    @Test("A line without a verdict is not decided yet, and is no fault")
    func undecided() {
        let (verdicts, errata) = matched(
            "a,b,verdict,reason,kind,correlation\ngneiss/a,gneiss/b,,,copy,0.99\n,,,,,\n"
                + "gneiss/b,marble/c,duplicate,,copy,0.97\n")
        #expect(verdicts == [DuplicateVerdict(1, 2, isDuplicate: true)])
        #expect(errata == [])
    }

    @Test("Of two lines about the same pictures, in any order, the later one counts")
    func twice() {
        let (verdicts, errata) = matched(
            "gneiss/a,gneiss/b,duplicate\ngneiss/b,gneiss/a,not a duplicate\n")
        #expect(verdicts == [DuplicateVerdict(0, 1, isDuplicate: false)])
        #expect(errata.map(\.kind) == [.verdictTwice])
        #expect(
            errata[0].reason
                == "Lines 1 and 2 are both about gneiss/a and gneiss/b. "
                + "The later one counts; remove the other.")
    }

    @Test(
        "What cannot be read is named with its line, and the other lines count",
        arguments: [
            (
                "gneiss/a,gneiss/bb,duplicate", Erratum.Kind.verdictWithoutPicture,
                "Line 2: the collection has no picture gneiss/bb (did you mean gneiss/b?). "
                    + "Check the key, or remove the line."
            ),
            (
                "gneiss/a,c,duplicate", .verdictOfSeveral,
                "Line 2: c may be marble/c or schist/c. Write the whole key of the picture."
            ),
            (
                "gneiss/a,gneiss/b,perhaps", .verdictLine,
                "Line 2: \"perhaps\" is no verdict. "
                    + "Write \"duplicate\" or \"not a duplicate\", or leave it empty."
            ),
            (
                "gneiss/a,,duplicate", .verdictLine,
                "Line 2 does not name two pictures. "
                    + "Write a line as \"a,b,verdict,reason\", with the keys of two pictures."
            ),
            (
                "gneiss/a,Gneiss/a.jpg,duplicate", .verdictLine,
                "Line 2 names gneiss/a twice. Write the keys of two pictures."
            ),
        ])
    func faults(line: String, kind: Erratum.Kind, reason: String) {
        let (verdicts, errata) = matched(
            "a,b,verdict,reason\n\(line)\nmarble/c,schist/c,duplicate\n")
        #expect(verdicts == [DuplicateVerdict(2, 3, isDuplicate: true)])
        #expect(errata.map(\.kind) == [kind])
        #expect(errata.map(\.reason) == [reason])
        #expect(errata.map(\.path) == ["duplicates.csv"])
    }
}
