using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Pipeline.Fanout.Sockets;

namespace Pipeline.Fanout.Handshake;

/// <summary>
/// Stands before the HTTP server on an end point and looks at the head of a connection's first request without taking it. A handshake that a
/// gate wants is answered here, and the link lives on the bare connection; everything else goes on as if nothing had been.
/// </summary>
internal sealed class LinkListener(ConnectionDelegate next, LinkServer server)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var (outcome, link) = await ReadHeadAsync(connection);
        if (link is not null)
        {
            await link.RunAsync();
        }
        else if (outcome == HeadOutcome.PassOn)
        {
            await next(connection);
        }
    }

    private async ValueTask<(HeadOutcome Outcome, ClientLink? Link)> ReadHeadAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var search = new HeadSearch(server.Options.MaxHeadBytes);
        Action? giveUp = null;
        try
        {
            while (true)
            {
                var reading = input.ReadAsync();
                if (!reading.IsCompleted)
                {
                    giveUp ??= input.CancelPendingRead;
                    server.AwaitHead(giveUp, search.HasBegun);
                }

                var result = await reading;
                switch (search.Look(result.Buffer))
                {
                    case HeadOutcome.Complete:
                        return await AnswerAsync(connection, result.Buffer, search);
                    case HeadOutcome.Incomplete when result.IsCanceled && !result.Buffer.IsEmpty:
                        input.AdvanceTo(result.Buffer.End);
                        await ReplyAsync(connection, System.Text.Encoding.ASCII.GetBytes(Replies.TooSlow));
                        server.CountHandshake(408);
                        return (HeadOutcome.Answered, null);
                    case HeadOutcome.Incomplete when !result.IsCanceled && !result.IsCompleted:
                        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                        break;
                    default:
                        return PassOn(input, result.Buffer, search);
                }
            }
        }
        finally
        {
            if (giveUp is not null)
            {
                server.HeadCame(giveUp);
            }
        }
    }

    /// <summary>Gives everything back; what is new in it counts as not looked at, else the HTTP server would wait for more.</summary>
    private static (HeadOutcome Outcome, ClientLink? Link) PassOn(PipeReader input, in ReadOnlySequence<byte> buffer, in HeadSearch search)
    {
        input.AdvanceTo(buffer.Start, buffer.GetPosition(search.LookedAtBefore));
        return (HeadOutcome.PassOn, null);
    }

    private async ValueTask<(HeadOutcome Outcome, ClientLink? Link)> AnswerAsync(ConnectionContext connection, ReadOnlySequence<byte> buffer, HeadSearch search)
    {
        var headBytes = buffer.Slice(0, search.HeadLength);
        var head = RequestHead.Parse(headBytes.IsSingleSegment ? headBytes.First : headBytes.ToArray());
        if (head is null || !HandshakeRules.IsUpgrade(head.Header))
        {
            return PassOn(connection.Transport.Input, buffer, search);
        }

        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        var address = peer;
        var decision = HandshakeRules.Fault(head.Header) ?? server.Decide(new UpgradeRequest(head.Path, head.Query, peer, head.Header), out address);
        if (decision.Handler is not null)
        {
            var link = Open(connection, head, decision, address);
            connection.Transport.Input.AdvanceTo(buffer.GetPosition(search.HeadLength));
            return (HeadOutcome.Answered, link);
        }

        if (decision.Status == 0)
        {
            return PassOn(connection.Transport.Input, buffer, search);
        }

        connection.Transport.Input.AdvanceTo(buffer.End);
        await ReplyAsync(connection, Replies.Refusal(decision));
        return (HeadOutcome.Answered, null);
    }

    private ClientLink Open(ConnectionContext connection, RequestHead head, LinkDecision decision, IPAddress address)
    {
        var deflate = decision.Options.Compression && DeflateOffer.IsAcceptable(head.Header("Sec-WebSocket-Extensions"));
        Span<byte> answer = stackalloc byte[512];
        var length = Replies.Switching(answer, head.Header("Sec-WebSocket-Key")!, deflate, decision.Subprotocol);
        return server.Open(TransportOf(connection), decision, address, deflate, answer[..length].ToArray());
    }

    /// <summary>With TLS the bytes have to go through the stream that encrypts them.</summary>
    private LinkTransport TransportOf(ConnectionContext connection)
    {
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        server.LimitKernel(socket);
        if (socket is not null && connection.Features.Get<ITlsConnectionFeature>() is null)
        {
            try
            {
                return new SocketTransport(connection, socket);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // The client is gone already: the link is opened all the same, and ends at once, so that its handler hears of its end.
            }
        }

        return new PipeTransport(connection.Transport.Input, connection.Transport.Output, () => connection.Abort());
    }

    private static async Task ReplyAsync(ConnectionContext connection, byte[] reply)
    {
        await connection.Transport.Output.WriteAsync(reply);
        await connection.Transport.Output.CompleteAsync();
    }
}
