internal import NIOCore
import Synchronization

/// The open connections of the preview, of which it keeps a limited number.
///
/// A connection over the limit takes the place of the one that has waited longest for a complete
/// request. So programs that open connections and send nothing, or send very slowly, do not keep
/// others out.
final class PreviewConnections: Sendable {
    /// A process may open 1,024 files by default, and a connection needs two: its socket, and the
    /// file that it sends.
    private let limit: Int
    private let state = Mutex(State())

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Connections without a complete request, and since when, in the order of events.
        var waiting: [ObjectIdentifier: Int] = [:]
        var events = 0
    }

    init(limit: Int = 400) { self.limit = limit }

    /// A connection was opened. Over the limit, it or another one is closed.
    func add(_ channel: any Channel) {
        let closed: (any Channel)? = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            guard state.channels.count > limit else { return nil }
            let longest = state.waiting.min { $0.value < $1.value }?.key
            let place = longest ?? ObjectIdentifier(channel)
            state.waiting[place] = nil
            return state.channels.removeValue(forKey: place)
        }
        closed?.close(promise: nil)
    }

    /// The connection has no complete request from now on.
    func wait(_ channel: any Channel) {
        state.withLock { state in
            guard state.channels[ObjectIdentifier(channel)] != nil else { return }
            state.events += 1
            state.waiting[ObjectIdentifier(channel)] = state.events
        }
    }

    /// The connection has a complete request now.
    func work(_ channel: any Channel) {
        state.withLock { $0.waiting[ObjectIdentifier(channel)] = nil }
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            state.waiting[ObjectIdentifier(channel)] = nil
        }
    }
}
