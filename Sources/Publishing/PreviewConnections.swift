internal import NIOCore
import Synchronization

/// The open connections of the preview, of which it keeps a limited number.
///
/// A connection over the limit takes the place of the one on which nothing has happened for the
/// longest time. So programs that open connections and then send nothing, send very slowly or read
/// nothing do not keep others out.
final class PreviewConnections: Sendable {
    /// A process may open 1,024 files by default, and a connection needs two: its socket, and the
    /// file that it sends.
    private let limit: Int
    private let state = Mutex(State())

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// The number of the last event of each connection.
        var last: [ObjectIdentifier: Int] = [:]
        var events = 0

        mutating func note(_ place: ObjectIdentifier) {
            events += 1
            last[place] = events
        }

        mutating func remove(_ place: ObjectIdentifier) -> (any Channel)? {
            last[place] = nil
            return channels.removeValue(forKey: place)
        }
    }

    init(limit: Int = 400) { self.limit = limit }

    /// A connection was opened. Over the limit, another one is closed.
    func add(_ channel: any Channel) {
        let closed: (any Channel)? = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            state.note(ObjectIdentifier(channel))
            guard state.channels.count > limit,
                let oldest = state.last.min(by: { $0.value < $1.value })?.key
            else { return nil }
            return state.remove(oldest)
        }
        closed?.close(promise: nil)
    }

    /// A request arrived completely, or a part of an answer was accepted.
    func note(_ channel: any Channel) {
        state.withLock { state in
            guard state.channels[ObjectIdentifier(channel)] != nil else { return }
            state.note(ObjectIdentifier(channel))
        }
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in _ = state.remove(ObjectIdentifier(channel)) }
    }
}
