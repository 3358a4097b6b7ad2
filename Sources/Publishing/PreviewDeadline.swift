internal import NIOCore
internal import NIOHTTP1

/// Closes a connection on which nothing useful happens, and answers a request that cannot be parsed.
///
/// A request has to arrive completely within the time limit, however many bytes arrive meanwhile.
/// A part of an answer has to be accepted within the same time.
final class PreviewDeadline: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    private let limit: TimeAmount
    private let connections: PreviewConnections
    private var timer: Scheduled<Void>?
    private var isAnswering = false

    init(_ connections: PreviewConnections, limit: TimeAmount) {
        self.connections = connections
        self.limit = limit
    }

    func channelActive(context: ChannelHandlerContext) {
        connections.add(context.channel)
        restart(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        connections.remove(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = Self.unwrapInboundIn(data) {
            restart(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        restart(context)
        switch Self.unwrapOutboundIn(data) {
        case .head(let head):
            isAnswering = true
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        case .body(let bytes):
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let trailers):
            isAnswering = false
            context.write(Self.wrapOutboundOut(.end(trailers)), promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError, !isAnswering {
            let answer =
                error == .headerOverflow
                ? PreviewAnswer.line(
                    .requestHeaderFieldsTooLarge, "The head of the request is too long.")
                : PreviewAnswer.line(.badRequest, "The request is not HTTP/1.1.")
            send(answer, context)
        }
        context.close(promise: nil)
    }

    private func send(_ answer: PreviewAnswer, _ context: ChannelHandlerContext) {
        guard case .bytes(let bytes) = answer.body else { return }
        var head = HTTPResponseHead(
            version: .http1_1, status: answer.status, headers: answer.headers)
        head.headers.add(name: "Connection", value: "close")
        head.headers.add(name: "Content-Length", value: "\(bytes.count)")
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(
            Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Something useful has happened.
    private func restart(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        connections.note(channel)
        timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }
}
