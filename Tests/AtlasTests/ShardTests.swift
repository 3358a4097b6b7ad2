import Files
import Foundation
import Testing

@testable import Atlas

@Suite("Plans, engines and what they are told")
struct ShardTests {
    private func plan(shards: Int = 2, inputs: [String: String] = ["files": "a", "program": "p"])
        -> ShardPlan
    {
        ShardPlan(
            version: "0.2.0", options: BuildOptions(), seed: 0, threads: 2, files: 10,
            inputs: inputs, division: .init(most: shards, least: 0),
            stages: PlannedStage.allCases.map {
                .init(name: $0, shards: $0.isDivisible ? shards : 1)
            })
    }

    private func withFolder(_ body: (_ path: String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "geoatlas-plan-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func `Planned stages are in the order of a build, and have all of its stages`() {
        let planned = StageName.allCases.map(PlannedStage.init)
        #expect(Set(planned) == Set(PlannedStage.allCases))
        #expect(PlannedStage.catalogue < .groups && .neighbours < PlannedStage.pages)
    }

    @Test func `A plan is read as it was written, and another one does not replace it`() throws {
        try withFolder { folder in
            let one = plan()
            #expect(try one.write(to: folder, replacing: false) == one)
            #expect(try ShardPlan.read(in: folder) == one)
            #expect(try one.write(to: folder, replacing: false) == one)
            let other = plan(inputs: ["files": "b", "program": "p"])
            #expect(throws: AtlasError.otherPlan(folder: folder)) {
                try other.write(to: folder, replacing: false)
            }
            #expect(try other.write(to: folder, replacing: true) == other)
            let digests = try [one, other].map { try $0.digest }
            #expect(digests[0] != digests[1])
        }
    }

    @Test func `Of two plans that differ in the measured number of shards the first one stays`()
        throws
    {
        try withFolder { folder in
            let one = plan()
            _ = try one.write(to: folder, replacing: false)
            let stages = one.stages.map {
                ShardPlan.Stage(name: $0.name, shards: $0.name == .groups ? 1 : $0.shards)
            }
            let other = ShardPlan(
                version: one.version, options: one.options, seed: 0, threads: 2, files: 10,
                inputs: one.inputs, division: one.division, stages: stages)
            #expect(try other.write(to: folder, replacing: false) == one)
        }
    }

    @Test func `A plan names what has changed`() {
        let plan = plan()
        #expect(throws: Never.self) { try plan.compare(with: ["files": "a", "program": "p"]) }
        #expect(throws: AtlasError.inputsChanged(names: ["files", "votes"])) {
            try plan.compare(with: ["files": "b", "program": "p", "votes": "v"])
        }
        #expect(throws: AtlasError.otherProgram(version: "0.2.0")) {
            try plan.compare(with: ["files": "b", "program": "q"])
        }
    }

    @Test(
        "The status tells whether another try may succeed",
        arguments: [
            (FileError(.write, path: "a", number: ENOSPC), ShardStatus.tryAgain),
            (AtlasError.workspaceBusy(path: "a"), .tryAgain),
            (AtlasError.notMerged(stage: "groups", folder: "a"), .tryAgain),
            (AtlasError.inputsChanged(names: ["files"]), .badData),
            (AtlasError.noPlan(folder: "a", reason: "r"), .badData),
            (AtlasError.noShard(stage: "groups", index: 2, shards: 2), .usage),
        ] as [(any Error, ShardStatus)])
    func status(error: any Error, status: ShardStatus) {
        #expect(ShardStatus(after: error) == status)
    }

    @Test func `The first variable of an engine that has a number counts`() throws {
        #expect(try ShardEnvironment([:]).index() == nil)
        #expect(try ShardEnvironment(["SGE_TASK_ID": "undefined"]).index() == nil)
        #expect(try ShardEnvironment(["SGE_TASK_ID": "1"]).index() == 0)
        #expect(
            try ShardEnvironment(["JOB_COMPLETION_INDEX": "4", "SLURM_ARRAY_TASK_ID": "2"]).index()
                == 2)
        #expect(throws: AtlasError.wrongIndex(variable: "PBS_ARRAY_INDEX", value: "x")) {
            try ShardEnvironment(["PBS_ARRAY_INDEX": "x"]).index()
        }
    }

    @Test(
        "Threads of the quota of a control group",
        arguments: [
            ("max 100000\n", nil), ("200000 100000\n", 2), ("250000 100000", 2),
            ("50000 100000", 1),
            ("", nil), (nil, nil), ("100000 0", nil),
        ] as [(String?, Int?)])
    func quota(text: String?, threads: Int?) {
        #expect(ShardEnvironment.threads(ofQuota: text) == threads)
    }

    @Test func `Paths are quoted for the shell in every script`() throws {
        let result = try PlanResult(plan(), folder: "/a b/it's $HOME")
        let script = EngineScript(result, program: "/opt/geo atlas")
        let word = #"'/a b/it'\''s $HOME'"#
        #expect(
            script.text(for: .parallel).contains(
                "'/opt/geo atlas' shard --work \(word) --stage catalogue --index 1\n"))
        #expect(script.text(for: .slurm).contains("mkdir -p \(word)/logs\n"))
        #expect(script.text(for: .make).contains("s $$HOME' --stage train"))
        #expect(script.text(for: .kubernetes).contains(#"s \$HOME' --stage train"#))
    }
}
