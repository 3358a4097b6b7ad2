import Files
import Foundation

/// The program that starts the shards of a plan, for which `geoatlas plan` prints a script.
package enum Engine: String, CaseIterable, Sendable {
    case slurm, parallel, make, kubernetes
}

/// Scripts that run a plan: for each stage its shards, then its merge.
package struct EngineScript: Sendable {
    /// Times that a shard is tried before the stage fails.
    private static let tries = 3

    private let plan: PlanResult
    /// Path of this program, as all machines know it.
    private let program: String

    package init(_ plan: PlanResult, program: String) {
        self.plan = plan
        self.program = program
    }

    package func text(for engine: Engine) -> String {
        switch engine {
        case .slurm: slurm
        case .parallel: parallel
        case .make: makefile
        case .kubernetes: kubernetes
        }
    }

    /// What to run again, for the first stage that lacks outputs; empty if none does.
    /// - Precondition: the plan says which outputs are missing.
    package func missing(for engine: Engine) -> String {
        guard let stage = plan.stages.first(where: { !($0.missing ?? []).isEmpty }),
            let missing = stage.missing
        else { return "" }
        let indices = missing.map(String.init)
        return switch engine {
        case .slurm:
            "sbatch --array=\(indices.joined(separator: ",")) --job-name=geoatlas-\(stage.name) "
                + "--wrap \(quoted("exec \(shard(stage.name))"))\n"
        case .parallel:
            missing.map { "\(shard(stage.name)) --index \($0)\n" }.joined()
        case .make:
            indices.map { "\(stage.name)-\($0)" }.joined(separator: " ") + "\n"
        case .kubernetes:
            indices.joined(separator: ",") + "\n"
        }
    }

    private var work: String { quoted(plan.work) }

    private func shard(_ stage: String) -> String {
        "\(quoted(program)) shard --work \(work) --stage \(stage)"
    }

    private func merge(_ stage: String) -> String {
        "\(quoted(program)) merge --work \(work) --stage \(stage)"
    }

    /// A word for a POSIX shell, without quotation marks where it needs none.
    private func quoted(_ word: String) -> String {
        let plain = word.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=:@%".contains($0))
        }
        return plain && !word.isEmpty ? word : shellWord(word)
    }

    private var heading: String {
        "# Plan \(plan.plan) of GeoAtlas \(Release.version). The atlas will be in "
            + plan.output.replacing("\n", with: " ") + "\n"
    }

    /// Job arrays that wait for each other. The second array of a stage tries what the first one did not do;
    /// shards that are done end at once.
    private var slurm: String {
        let begin = """
            #!/bin/bash
            \(heading)# Options for all jobs: SBATCH_OPTIONS="--partition=…"; for shards: SHARD_OPTIONS="--cpus-per-task=8 --mem=8G".
            set -euo pipefail
            mkdir -p \(work)/logs
            submit() {
              sbatch --parsable --kill-on-invalid-dep=yes ${SBATCH_OPTIONS:-} "$@"
            }
            after=

            """
        let stages = plan.stages.map { stage in
            let array = "0-\(stage.shards - 1)"
            func shards(_ job: String, after: String) -> String {
                """
                \(job)=$(submit \(after) ${SHARD_OPTIONS:-} --array=\(array) --job-name=geoatlas-\(stage.name) \\
                  --output=\(work)/logs/\(stage.name)-%a.%A.log \\
                  --wrap \(quoted("exec \(shard(stage.name))")))

                """
            }
            return shards("first", after: "$after")
                + shards("again", after: "--dependency=afterany:$first")
                    + """
                    merge=$(submit --dependency=afterok:$again ${SHARD_OPTIONS:-} --job-name=geoatlas-\(stage.name)-merge \\
                      --output=\(work)/logs/\(stage.name)-merge.%j.log --wrap \(quoted("exec \(merge(stage.name))")))
                    after="--dependency=afterok:$merge"

                    """
        }
        return begin + stages.joined() + "echo \"$merge\"\n"
    }

    /// A line for each shard. JOBS shards run at a time.
    private var parallel: String {
        let stages = plan.stages.map { stage in
            let lines = (0..<stage.shards).map { "\(shard(stage.name)) --index \($0)\n" }
            return """
                parallel --will-cite --jobs "${JOBS:-1}" --retries \(Self.tries) <<'SHARDS'
                \(lines.joined())SHARDS
                \(merge(stage.name))

                """
        }
        return "#!/bin/sh\n\(heading)# JOBS=4 runs four shards at a time.\nset -eu\n"
            + stages.joined()
    }

    /// All targets are phony: the program itself knows what is done, and ends at once.
    private var makefile: String {
        // A dollar sign of a path is two in a recipe.
        func recipe(_ line: String) -> String { line.replacing("$", with: "$$") }
        let stages = plan.stages.enumerated().map { number, stage in
            let shards = (0..<stage.shards).map { "\(stage.name)-\($0)" }.joined(separator: " ")
            let before = number == 0 ? "" : " " + plan.stages[number - 1].name
            return """
                .PHONY: \(stage.name) \(shards)
                \(stage.name): \(shards)
                \t@\(recipe(merge(stage.name)))
                \(shards):\(before)
                \t@$(TRY) \(recipe(shard(stage.name))) --index $(lastword $(subst -, ,$@))

                """
        }
        return """
            \(heading)# make -j 4 -f FILE runs four shards at a time. A shard that ends with status 75 is tried twice.
            TRY = try() { "$$@" || { status=$$?; [ $$status = 75 ] && sleep 1 && "$$@"; }; }; try
            .PHONY: atlas
            atlas: \(plan.stages.last?.name ?? "")

            """ + stages.joined()
    }

    /// An Indexed Job for each stage, and a Job for its merge. A shard that ends with status 65 ends the job,
    /// because it would fail each time.
    private var kubernetes: String {
        let begin = """
            #!/bin/sh
            \(heading)# IMAGE has the program, and the claim CLAIM is the shared volume, which is mounted at MOUNT.
            set -eu
            run() {
              kubectl apply -f -
              kubectl wait --for=condition=complete --timeout="${TIMEOUT:-24h}" "job/$1"
            }

            """
        let stages = plan.stages.map { stage in
            job("geoatlas-\(stage.name)", shards: stage.shards, shard(stage.name))
                + job("geoatlas-\(stage.name)-merge", shards: nil, merge(stage.name))
        }
        return begin + stages.joined()
    }

    /// - Parameter shards: `nil` for a job of one pod without an index.
    private func job(_ name: String, shards: Int?, _ command: String) -> String {
        let indexed =
            shards.map {
                """
                  completionMode: Indexed
                  completions: \($0)
                  parallelism: ${JOBS:-\($0)}
                  backoffLimitPerIndex: \(Self.tries)

                """
            } ?? "  backoffLimit: \(Self.tries)\n"
        // First for a text of YAML in quotation marks, then for the shell that reads the lines up to JOB.
        let commandText = "exec \(command)".escaping("\\\"").escaping("\\$`")
        return """
            run \(name) <<JOB
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: \(name)
            spec:
            \(indexed)  podFailurePolicy:
                rules:
                - action: FailJob
                  onExitCodes:
                    operator: In
                    values: [64, 65]
              template:
                spec:
                  restartPolicy: Never
                  containers:
                  - name: geoatlas
                    image: ${IMAGE:-geoatlas:\(Release.version)}
                    command: ["/bin/sh", "-c", "\(commandText)"]
                    volumeMounts:
                    - name: work
                      mountPath: ${MOUNT:-/data}
                  volumes:
                  - name: work
                    persistentVolumeClaim:
                      claimName: ${CLAIM:-geoatlas}
            JOB

            """
    }
}

extension String {
    /// The same text with a backslash before each of some characters.
    fileprivate func escaping(_ characters: String) -> String {
        map { characters.contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }
}
