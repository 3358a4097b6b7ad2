import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One connection of the preview: reads requests and sends the answers, one after the other.
struct PreviewConnection: Sendable {
    /// The longest head of a request. Browsers send less than 2 KiB; nginx and Apache accept 8 KiB a
    /// line.
    private static let longestHead = 32 << 10
    /// Seconds for a request to arrive, and for a part of an answer to be accepted.
    private static let patience = TimeAmount.seconds(60)
    /// A longer body is not read to its end. Up to this size its sender is told that it is too long.
    private static let longestBody = 64 << 20
    /// Bytes of a file that are in memory at a time.
    private static let partSize = 1 << 16

    private enum Failure: Error { case bodyTooLong }

    private let channel: NIOAsyncChannel<HTTPServerRequestPart, PreviewDeadline.OutboundIn>
    private let handler: PreviewHandler

    /// Called on the event loop of `channel`.
    init(
        _ channel: any Channel, handler: PreviewHandler, among connections: PreviewConnections
    ) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.longestHead
        limits.maxHeaderListSize = Self.longestHead
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withErrorHandling: false, withEncoderConfiguration: .init(),
            withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(PreviewDeadline(connections, limit: Self.patience))
        self.channel = try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        self.handler = handler
    }

    /// Answers requests until one of the sides closes the connection.
    func run() async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                var head: HTTPRequestHead?
                var body = Body()
                for try await part in inbound {
                    switch part {
                    case .head(let new):
                        head = new
                        body = Body()
                    case .body(let bytes):
                        try body.append(bytes)
                    case .end:
                        guard let request = head else { continue }
                        let whole = PreviewRequest(head: request, body: body.bytes)
                        let answer = try await onDisk { handler.answer(whole) }
                        try await send(answer, to: request, outbound)
                        if !request.isKeepAlive { return }
                    }
                }
            }
        } catch {
            // The other side has gone, or the file cannot be sent to its end. Both end the
            // connection, and nobody is left to be told.
        }
    }

    private func send(
        _ answer: PreviewAnswer, to request: HTTPRequestHead,
        _ outbound: NIOAsyncChannelOutboundWriter<PreviewDeadline.OutboundIn>
    ) async throws {
        var head = HTTPResponseHead(
            version: .http1_1, status: answer.status, headers: answer.headers)
        head.headers.add(name: "Date", value: HTTPDate.text(Int(Date().timeIntervalSince1970)))
        if let body = answer.body {
            head.headers.add(name: "Content-Length", value: "\(body.count)")
        }
        if !request.isKeepAlive { head.headers.add(name: "Connection", value: "close") }
        try await outbound.write(.head(head))
        if request.method != .HEAD, let body = answer.body { try await send(body, outbound) }
        try await outbound.write(.end(nil))
    }

    private func send(
        _ body: PreviewAnswer.Body,
        _ outbound: NIOAsyncChannelOutboundWriter<PreviewDeadline.OutboundIn>
    ) async throws {
        switch body {
        case .bytes(let bytes):
            try await outbound.write(.body(ByteBuffer(bytes: bytes)))
        case .part(let file, let range):
            for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.partSize) {
                let part = start..<min(start + Self.partSize, range.upperBound)
                let bytes = try await onDisk { try file.bytes(part) }
                try await outbound.write(.body(ByteBuffer(bytes: bytes)))
            }
        }
    }

    /// Runs work that waits for a disk on threads of its own. Tasks share few threads, so one slow
    /// disk would hold up all connections.
    private func onDisk<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(work)
    }

    /// The body of a request while it arrives.
    ///
    /// Every body is read to its end, even for a refused request. Otherwise the rest of it would be
    /// parsed as the next request, which could then claim to come from a page of this server.
    private struct Body {
        /// `nil` when it is larger than a file of votes may be.
        private(set) var bytes: [UInt8]? = []
        private var count = 0

        mutating func append(_ part: ByteBuffer) throws {
            count += part.readableBytes
            guard count <= PreviewConnection.longestBody else { throw Failure.bodyTooLong }
            if count <= VoteInbox.limit {
                bytes?.append(contentsOf: part.readableBytesView)
            } else {
                bytes = nil
            }
        }
    }
}
