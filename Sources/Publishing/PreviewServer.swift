import Dispatch
import Files
import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
import Synchronization

/// Shows an atlas in a browser of this machine, and receives votes.
///
/// It listens on 127.0.0.1 only. It refuses requests from pages of other sites: the host in the
/// request must be that of this server. This also stops other names that resolve to 127.0.0.1.
package struct PreviewServer: Sendable {
    /// Bytes that the system keeps for a client, at most about twice as many.
    private static let sendBuffer: SocketOptionValue = 1 << 17

    private let handler: PreviewHandler

    /// - Parameters:
    ///   - folder: the atlas.
    ///   - port: on 127.0.0.1.
    ///   - reload: loads open pages again; `nil` if they stay as they are.
    /// - Throws: `PublishingError.notAFolder`; `.missingManifest` or `.damagedManifest` for a
    ///   folder that is not an atlas.
    package init(folder: String, port: UInt16, reload: PreviewReload? = nil) throws {
        _ = try Manifest.read(in: folder)
        handler = PreviewHandler(
            folder: Paths.absolute(folder, in: FileManager.default.currentDirectoryPath),
            port: port, reload: reload)
    }

    /// Begins to answer requests. They are answered until the process ends.
    /// - Returns: the address, which can be opened now.
    /// - Throws: `PublishingError.portBusy`, `.cannotListen`.
    package func start() throws -> String {
        let port = handler.port
        let connections = PreviewConnections()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            // A client that finds the queue full tries again after a second.
            .serverChannelOption(.backlog, value: 1024)
            // Without it, the port of a server that was ended is busy for a minute.
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            // The system would otherwise take some megabytes ahead for a client that does not read.
            .childChannelOption(.socketOption(.so_sndbuf), value: Self.sendBuffer)
            .childChannelInitializer { [handler] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try PreviewConnection(
                        channel, handler: handler, among: connections)
                    Task { await connection.run() }
                }
            }
        do {
            _ = try bootstrap.bind(host: "127.0.0.1", port: Int(port)).wait()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw PublishingError.portBusy(port)
        } catch let error as IOError {
            throw PublishingError.cannotListen(port: port, reason: systemReason(error.errnoCode))
        } catch {
            throw PublishingError.cannotListen(port: port, reason: "\(error)")
        }
        return "http://127.0.0.1:\(port)/"
    }
}
