import Foundation

/// Waits for changes of watched files.
struct ChangeWatch {
    /// Seconds between two looks, at least.
    private static let pause = 0.5
    /// A pause is at least this many times as long as the look before it. So a large collection on a
    /// slow share is not read all the time.
    private static let restPerLook = 10.0

    let files: WatchedFiles
    /// What the last build saw, or an earlier state.
    private let seen: [String: FileFacts?]
    /// Waits for a number of seconds.
    private let wait: (_ seconds: Double) -> Void

    /// Looks at the files, before a build reads them. So changes during the build are noticed after
    /// it.
    init(
        _ files: WatchedFiles,
        wait: @escaping (_ seconds: Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
    ) {
        self.files = files
        self.wait = wait
        seen = files.look()
    }

    /// Waits until something has changed and two looks one after the other see the same. So a file
    /// that is being copied is complete.
    /// - Returns: path of a file that changed; the first one, if there are several.
    func change() -> String {
        var last = seen
        while true {
            let clock = ContinuousClock()
            let begin = clock.now
            let now = files.look()
            let cost = (clock.now - begin) / .seconds(1)
            if now == last, let path = WatchedFiles.difference(seen, now) { return path }
            last = now
            wait(max(Self.pause, cost * Self.restPerLook))
        }
    }
}
