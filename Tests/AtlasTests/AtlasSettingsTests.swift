import AtlasModel
import Similarity
import Testing

@testable import Atlas

@Suite("Settings of an atlas")
struct AtlasSettingsTests {
    @Test("An empty file leaves every setting as it is")
    func emptyFile() throws {
        #expect(try AtlasSettings.parse("", path: "atlas.yml") == AtlasSettings())
        #expect(try AtlasSettings.parse("# a remark\n", path: "atlas.yml") == AtlasSettings())
    }

    @Test("Every setting can be given")
    func everySetting() throws {
        let text = """
            title: The Harz
            collection: rocks.zip
            types: [Schist, { label: granite, colour: { light: "#112233", dark: "#445566" } }]
            classifier: { network: smallvgg, epochs: 7, folds: 0 }
            neighbours: { top: 3, rotations: true, view: texture, models: [embedding, kmeans], groups: show }
            kmeans: { k: 4, restarts: 2 }
            review:
              comparisons: 10
              targets: 5
              reviewers: 3
              shared: 40
              detects: 65
              margin: 5
              asked: leave out
              pairs: [[kmeans, embedding]]
            scenes: blend
            """
        let settings = try AtlasSettings.parse(text, path: "atlas.yml")
        var expected = AtlasSettings()
        expected.title = "The Harz"
        expected.collections = ["rocks.zip"]
        expected.types = [
            RockType(label: "schist"),
            RockType(label: "granite", colour: .init(light: "#112233", dark: "#445566")),
        ]
        (expected.network, expected.epochs, expected.folds) = ("smallvgg", 7, 0)
        (expected.top, expected.rotations) = (3, true)
        expected.models = [.embedding, .kmeans]
        (expected.view, expected.followsView) = ("texture", false)
        expected.foldsGroups = false
        (expected.k, expected.restarts) = (4, 2)
        (expected.trial.comparisons, expected.trial.targets) = (10, 5)
        (expected.trial.reviewers, expected.trial.shared) = (3, 40)
        (expected.trial.detects, expected.trial.margin) = (65, 5)
        expected.trial.leavesOutAsked = true
        expected.trial.pairs = [.init(models: [.kmeans, .embedding], line: 15)]
        expected.seams = .blend
        #expect(settings == expected)
        #expect(settings.classes.types.map(\.label) == ["granite", "schist"])
        #expect(settings.classes.plates == [1, 0])
    }

    @Test(
        "What does not fit is named with its place and what is expected",
        arguments: [
            (
                "titel: x",
                AtlasError.unknownSetting(path: "a.yml", line: 1, key: "titel", nearest: "title")
            ),
            (
                "title: x\nkmeans:\n  restart: 2",
                .unknownSetting(path: "a.yml", line: 3, key: "restart", nearest: "restarts")
            ),
            (
                "zebra: 1", .unknownSetting(path: "a.yml", line: 1, key: "zebra", nearest: nil)
            ),
            (
                "neighbours: { top: many }",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "top", found: "\"many\"",
                    expected: "a whole number from 1 to 100")
            ),
            (
                "scenes: soft",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "scenes", found: "\"soft\"",
                    expected: "\"sharp\", \"blend\" or \"none\"")
            ),
            (
                "neighbours: { groups: hide }",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "groups", found: "\"hide\"",
                    expected: "\"fold\" or \"show\"")
            ),
            (
                "neighbours:\n  rotations: true\n  top: 0",
                .wrongSetting(
                    path: "a.yml", line: 3, key: "top", found: "\"0\"",
                    expected: "a whole number from 1 to 100")
            ),
            (
                "neighbours:\n  models: [kmeans, embeding]",
                .wrongLine(
                    path: "a.yml", line: 2,
                    reason: "there is no likeness model \"embeding\". Did you mean \"embedding\"?")
            ),
            (
                "neighbours:\n  models:\n    - kmeans\n    - zebra",
                .wrongLine(
                    path: "a.yml", line: 4,
                    reason:
                        "there is no likeness model \"zebra\". There are kmeans, pairwise, "
                        + "kmeans-embedding, embedding, kmeans-texture, texture, ground."
                )
            ),
            (
                "neighbours:\n  view: ground",
                .wrongSetting(
                    path: "a.yml", line: 2, key: "view", found: "\"ground\"",
                    expected: "one of auto, pixels, network, texture")
            ),
            (
                "neighbours:\n  models:\n    - kmeans\n    - kmeans",
                .wrongLine(
                    path: "a.yml", line: 4,
                    reason: "models names \"kmeans\" twice. Remove it there."
                )
            ),
            (
                "neighbours: { models: [pairwise] }",
                .wrongLine(
                    path: "a.yml", line: 1,
                    reason:
                        "models has to be a list of two to 7 of kmeans, pairwise, kmeans-embedding, "
                        + "embedding, kmeans-texture, texture, ground."
                )
            ),
            (
                "neighbours: { models: all }",
                .wrongLine(
                    path: "a.yml", line: 1,
                    reason:
                        "models has to be a list of two to 7 of kmeans, pairwise, kmeans-embedding, "
                        + "embedding, kmeans-texture, texture, ground."
                )
            ),
            (
                "review: { detects: 50 }",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "detects", found: "\"50\"",
                    expected: "a whole number from 55 to 95")
            ),
            (
                "review: { asked: never }",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "asked", found: "\"never\"",
                    expected: "\"again\" or \"leave out\"")
            ),
            (
                "review:\n  pairs: both",
                .wrongSetting(
                    path: "a.yml", line: 2, key: "pairs", found: "\"both\"",
                    expected: "a list of pairs like [kmeans, pairwise]")
            ),
            (
                "review:\n  pairs:\n    - [kmeans, pairwise, embedding]",
                .wrongSetting(
                    path: "a.yml", line: 3, key: "pairs", found: "a list or section",
                    expected: "pairs of two models like [kmeans, pairwise]")
            ),
            (
                "review:\n  pairs:\n    - [kmeans, pairwise]\n    - [pairwise, kmeans]",
                .wrongLine(
                    path: "a.yml", line: 4,
                    reason: "pairs names pairwise and kmeans twice. Remove one pair.")
            ),
            (
                "review:\n  pairs:\n    - [kmeans, embedding]",
                .wrongLine(
                    path: "a.yml", line: 3,
                    reason:
                        "pairs names \"embedding\", which is not among the models of the section "
                        + "neighbours. Add it to models there.")
            ),
            (
                "classifier: { folds: 1 }",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "folds", found: "\"1\"",
                    expected: "0, or a whole number from 2 to 20")
            ),
            (
                "types: []",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "types", found: "an empty list",
                    expected: "a list of rock types")
            ),
            (
                "types: [gneiss, Gneiss]",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "types", found: "\"Gneiss\"",
                    expected: "a list that names each rock type once")
            ),
            (
                "types: [{ label: granite, colour: { light: red } }]",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "light", found: "\"red\"",
                    expected: "a colour like \"#6168b9\", in quotation marks")
            ),
            (
                "types: [../gneiss]",
                .wrongSetting(
                    path: "a.yml", line: 1, key: "label", found: "\"../gneiss\"",
                    expected: "the name of a folder, other than \"unlabelled\"")
            ),
        ])
    func faults(text: String, expected: AtlasError) {
        #expect(throws: expected) { try AtlasSettings.parse(text, path: "a.yml") }
    }

    @Test("Options of the command line win over the file")
    func optionsWin() throws {
        var options = BuildOptions()
        options.top = 5
        options.classifier = "conv1l"
        let file = try AtlasSettings.parse("neighbours: { top: 3, rotations: true }", path: "a.yml")
        let settings = file.overridden(by: options)
        #expect(settings.top == 5)
        #expect(settings.network == "conv1l")
        #expect(settings.rotations)
    }
}
