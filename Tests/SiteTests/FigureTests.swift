import AtlasModel
import Testing

@testable import Site

/// How numbers are written. `·` means the narrow space before a unit.
@Suite struct FigureTests {
    private func spaced(_ text: String) -> String { text.replacing("·", with: "\u{202F}") }

    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (26_398, "26,398"),
        (1_234_567, "1,234,567"), (-1_000, "−1,000"),
    ]) func `Thousands are set off`(number: Int, text: String) {
        #expect(Figures.count(number) == text)
    }

    @Test(arguments: [
        (0.979, "97.9·%"), (0.9997, "99.9·%"), (0.99999, "99.9·%"), (1.0, "100·%"), (0.0, "0·%"),
        (0.0004, "< 0.1·%"), (0.0005, "0.1·%"), (0.9994, "99.9·%"), (0.12345, "12.3·%"),
        (0.99949, "99.9·%"), (0.9989, "99.9·%"), (0.9984, "99.8·%"), (0.5, "50.0·%"),
    ]) func `A share never looks more certain than it is`(share: Double, text: String) {
        #expect(Figures.share(share) == spaced(text))
    }

    @Test(arguments: [
        (Float(0), "< 0.1·%"), (0.0004, "< 0.1·%"), (0.464, "46.4·%"), (0.99996, "99.9·%"),
        (1, "99.9·%"),
    ]) func `A probability is neither none nor all`(probability: Float, text: String) {
        #expect(Figures.probability(probability) == spaced(text))
    }

    @Test(arguments: [(100.0, "100·%"), (99.97, "99.9·%"), (89.44, "89.4·%"), (0.0, "0·%")])
    func `A score has one decimal, and 100 only if identical`(score: Double, text: String) {
        #expect(Figures.score(score) == spaced(text))
    }

    /// Bounds of Wilson's interval from statsmodels' `proportion_confint(…, method="wilson")` for
    /// 81 of 263 (also in R. Newcombe, Statistics in Medicine 17, 1998, table I: 0.2553 to 0.3662),
    /// 0 of 20 (0 to 0.1611) and 20 of 20.
    @Test(arguments: [
        (81, 263, "25.5–36.6"), (0, 20, "0–16.1"), (20, 20, "83.9–100"),
    ]) func `An interval has its bounds in percent`(count: Int, total: Int, text: String) {
        #expect(Figures.interval(Proportion(count, of: total)) == text)
    }

    @Test(arguments: [
        (1, "1 byte"), (981, "981 bytes"), (12_345, "12.3·kB"), (999_949, "999.9·kB"),
        (999_950, "1.0·MB"), (5_100_000, "5.1·MB"), (2_000_000_000, "2.0·GB"),
    ]) func `Sizes of files count in thousands`(number: Int, text: String) {
        #expect(Figures.bytes(number) == spaced(text))
    }

    @Test(arguments: [
        (0.02, "< 0.1·s"), (0.42, "0.4·s"), (9.94, "9.9·s"), (9.96, "10·s"), (38.2, "38·s"),
        (252, "4·min 12·s"),
        (59.7, "1·min 0·s"), (7_260, "2·h 1·min"),
    ]) func `Times have two units at most`(seconds: Double, text: String) {
        #expect(Figures.duration(seconds) == spaced(text))
    }

    @Test(arguments: [
        (1, "I"), (4, "IV"), (6, "VI"), (9, "IX"), (14, "XIV"), (40, "XL"), (1994, "MCMXCIV"),
    ]) func `Plates carry Roman numbers`(number: Int, text: String) {
        #expect(Figures.roman(number) == text)
    }

    @Test(arguments: [
        ("2026-05-12", "12 May 2026"), ("2026-12-01", "1 December 2026"), ("spring", "spring"),
        ("2026-13-01", "2026-13-01"), ("1-2", "1-2"),
    ]) func `An ISO date is spelled out, anything else left`(written: String, text: String) {
        #expect(Figures.date(written) == text)
    }

    @Test(arguments: [
        (2.345, 2, "2.35"), (-0.04, 1, "0.0"), (-1.25, 1, "−1.3"), (1_234.5, 1, "1,234.5"),
        (0.05, 1, "0.1"), (3, 0, "3"),
    ]) func `Decimals round half away from zero`(value: Double, places: Int, text: String) {
        #expect(Figures.decimal(value, places: places) == text)
    }

    @Test func `One is one, none is none`() {
        #expect(Figures.pictures(1) == "1 picture")
        #expect(Figures.pictures(0) == "No pictures")
        #expect(Figures.pictures(4_400) == "4,400 pictures")
        #expect(Figures.word(12) == "twelve")
        #expect(Figures.word(13) == "13")
    }
}

@Suite struct TypeSignTests {
    @Test(arguments: [
        (
            ["andesite", "gneiss", "marble", "quartzite", "rhyolite", "schist"],
            ["An", "Gn", "Ma", "Qu", "Rh", "Sc"]
        ),
        (["granite", "granodiorite"], ["Gi", "Go"]),
        (["marble", "marl", "mica schist"], ["Mb", "Ml", "Mi"]),
        (["gabbro", "gab", "x"], ["Gb", "Ga", "X"]),
        (["ab", "a-b"], ["Ab", "A2"]),
        (["tuff"], ["Tu"]),
    ]) func `Symbols are two letters that tell types apart`(labels: [String], symbols: [String]) {
        #expect(TypeSigns.symbols(labels) == symbols)
    }

    @Test
    func `Another type gets a colour and a pattern, or the colour that it has in the settings`() {
        let signs = TypeSigns([
            RockType(label: "andesite"), RockType(label: "basalt"),
            RockType(label: "mica schist", colour: .init(light: "#111111", dark: "#eeeeee")),
        ])
        #expect(signs.types.map(\.style) == ["andesite", "type-basalt", "type-mica-schist"])
        #expect(
            signs.style == """
                .unlabelled{--t:var(--ink2);--p:var(--p-lines);--s:"–"}
                .andesite{--s:"An"}
                .type-basalt{--s:"Ba"}
                .type-basalt{--t:\(TypeColours.look(0).light)}
                .type-basalt{--p:var(--p-lines)}
                .type-mica-schist{--s:"Mi"}
                .type-mica-schist{--t:#111111}
                .type-mica-schist{--p:var(--p-gneiss)}
                @media (prefers-color-scheme:dark){.type-basalt{--t:\(TypeColours.look(0).dark)}.type-mica-schist{--t:#eeeeee}}

                """)
    }

    @Test func `The six types of the house need their symbols only`() {
        let rules = TypeSigns(RockType.reference).style.split(separator: "\n").dropFirst()
        #expect(
            rules.map(String.init)
                == [
                    ("andesite", "An"), ("gneiss", "Gn"), ("marble", "Ma"), ("quartzite", "Qu"),
                    ("rhyolite", "Rh"), ("schist", "Sc"),
                ].map { ".\($0.0){--s:\"\($0.1)\"}" })
    }
}
