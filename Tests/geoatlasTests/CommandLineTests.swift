import ArgumentParser
import Testing

@testable import geoatlas

/// Arguments become values, or a message about the mistake.
@Suite struct CommandLineTests {
    @Test func `Options of a build are read, and those that are left out have their defaults`()
        throws
    {
        let build = try #require(
            try GeoAtlas.parseAsRoot([
                "build", "rocks.zip", "-o", "site", "--folds", "0", "--shares", "8,1,1", "--json",
            ]) as? Build)
        #expect(build.atlas.collections == ["rocks.zip"])
        #expect(build.atlas.output == "site")
        #expect(build.atlas.folds == 0)
        #expect(build.atlas.shares.parts == [8, 1, 1])
        #expect(build.console.json && !build.console.quiet)
        #expect(build.workspace == ".geoatlas")
        #expect(build.atlas.k == nil)
    }

    /// Every command has an example in its help, under its own name.
    @Test func `Every command of the program is listed in its help`() {
        let help = GeoAtlas.helpMessage()
        for command in [
            "sample", "build", "check", "serve", "publish", "votes", "dataset", "train", "tune",
            "evaluate", "classify", "cluster", "similar", "neighbours", "plan", "shard", "merge",
        ] {
            #expect(help.contains("\n  \(command) "), "\(command)")
        }
    }

    @Test(arguments: [
        (["build", "--folds", "1"], "--folds is 1, but has to be 0, or 2 to 20."),
        (["build", "--top", "0"], "--top is 0, but has to be 1 to 100."),
        (["build", "--jobs", "0"], "--jobs is 0, but at least one thread is needed."),
        (["plan", "--work", "w", "--shards", "0"], "--shards is 0, but has to be 1 to 10000."),
        (
            ["shard", "--work", "w", "--stage", "s", "--jobs", "0"],
            "--jobs is 0, but at least one thread is needed."
        ),
        (["similar", "rocks", "-n", "1001", "a/b"], "-n is 1001, but has to be 1 to 1000."),
    ])
    func `A value out of range is refused with its bounds`(arguments: [String], message: String) {
        #expect(message == refusal(of: arguments)?.message)
        #expect(refusal(of: arguments)?.status == 64)
    }

    @Test(arguments: [["build", "--no-such"], ["no-such-command"], ["similar"]])
    func `What nobody knows or what is missing is a usage error`(arguments: [String]) {
        #expect(refusal(of: arguments)?.status == 64)
    }

    private func refusal(of arguments: [String]) -> (message: String, status: Int32)? {
        do {
            _ = try GeoAtlas.parseAsRoot(arguments)
            return nil
        } catch {
            return (GeoAtlas.message(for: error), GeoAtlas.exitCode(for: error).rawValue)
        }
    }
}

@Suite struct ArgumentValueTests {
    @Test(
        arguments: [
            ("70,18,12", [70, 18, 12]), ("1,0,0", [1, 0, 0]), ("0.5,0.25,0.25", [0.5, 0.25, 0.25]),
            ("1,1", nil), ("1,1,1,1", nil), ("0,0,0", nil), ("-1,1,1", nil), ("inf,1,1", nil),
            ("1,,1,1", nil), ("a,b,c", nil),
        ] as [(String, [Double]?)])
    func `Shares are three numbers that are not negative and not all 0`(
        text: String, parts: [Double]?
    ) {
        #expect(Shares(argument: text)?.parts == parts)
    }

    @Test(
        arguments: [
            ("5", 5...5), ("1...10", 1...10), ("1000", 1000...1000), ("0", nil), ("10...1", nil),
            ("1...2...3", nil), ("1...1001", nil), ("x", nil),
        ] as [(String, ClosedRange<Int>?)])
    func `Numbers of clusters are one number or a range`(text: String, range: ClosedRange<Int>?) {
        #expect(ClusterRange(argument: text)?.range == range)
    }

    @Test(
        arguments: [
            (0, "0.0 %"), (0.97891, "97.9 %"), (0.9999, "99.9 %"), (1, "100.0 %"), (nil, "none"),
        ] as [(Double?, String)])
    func `A share in percent is 100 for all only`(share: Double?, text: String) {
        #expect(percent(share) == text)
    }
}
